import { LIMITS } from "../protocol/limits.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";

/** The least time between two rings for what cannot be seen to at once, in milliseconds. */
const AGAIN_MS = 1_000;

/**
 * The one alarm of a node. It is set for the first that is due, and moved only to ring earlier: what has been put off lets it ring in
 * vain, which costs less than a row each time.
 */
export class NodeAlarm {
  readonly #state: NodeState;
  readonly #on: NodeSurroundings;

  constructor(state: NodeState, surroundings: NodeSurroundings) {
    this.#state = state;
    this.#on = surroundings;
  }

  /**
   * Has the alarm ring for the next round; before it, and soon, when deliveries have to be seen to.
   *
   * @param nextAt when something else is due, in milliseconds since 1970
   */
  schedule(isBusy: boolean, nextAt = Number.POSITIVE_INFINITY): void {
    const { head } = this.#state;
    if (head === undefined) return;
    // What is due by now and was not seen to has to wait for something: looked at all the time, it would not come sooner.
    const otherAt = Math.max(nextAt, this.#on.now() + AGAIN_MS);
    this.wakeBy(Math.min(this.#dueAt(head.roundAt, isBusy), otherAt));
  }

  /** Has it ring at a time at the latest. */
  wakeBy(at: number): void {
    const { alarmAt } = this.#state.store;
    const now = this.#on.now();
    // The platform gives up an alarm that has failed too often.
    const isLost = alarmAt !== null && alarmAt < now - LIMITS.lateAlarmMs;
    if (alarmAt === null || isLost || at < alarmAt) this.#state.store.setAlarm(Math.max(at, now));
  }

  #dueAt(roundAt: number, isBusy: boolean): number {
    const now = this.#on.now();
    const soon = now + LIMITS.redeliverMs;
    // One that is due is being seen to, or has to be tried again.
    if (roundAt <= now) return soon;
    // An alarm for the round says that everybody was told.
    return isBusy ? Math.min(soon, roundAt - 1) : roundAt;
  }
}
