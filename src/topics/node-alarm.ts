import { LIMITS } from "../protocol/limits.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";

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

  /** Has the alarm ring for the next round; before it, and soon, when deliveries have to be seen to. */
  schedule(isBusy: boolean): void {
    const { head } = this.#state;
    if (head === undefined) return;
    const soon = this.#on.now() + LIMITS.redeliverMs;
    // One that is due is being seen to, or has to be tried again.
    if (head.roundAt <= this.#on.now()) return this.wakeBy(soon);
    // An alarm for the round says that everybody was told.
    this.wakeBy(isBusy ? Math.min(soon, head.roundAt - 1) : head.roundAt);
  }

  /** Has it ring at a time at the latest. */
  wakeBy(at: number): void {
    const { alarmAt } = this.#state.store;
    const now = this.#on.now();
    // The platform gives up an alarm that has failed too often.
    const isLost = alarmAt !== null && alarmAt < now - LIMITS.lateAlarmMs;
    if (alarmAt === null || isLost || at < alarmAt) this.#state.store.setAlarm(Math.max(at, now));
  }
}
