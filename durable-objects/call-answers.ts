import { LIMITS } from "../src/protocol/limits.ts";
import type { CallRefusalCode } from "../src/protocol/refusals.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import type { CallLog } from "./call-log.ts";
import { answerTo } from "./call-record.ts";
import { type PlacedCall, refusedFrame, reply } from "./placed-call.ts";
import type { StoredSession } from "./session-store.ts";
import type { Tab } from "./tab.ts";
import { isAt } from "./tab-place.ts";

/** Answers calls: with what they came to, as they were answered before, or not at all. */
export class CallAnswers {
  readonly #store: StoredSession;
  readonly #log: CallLog;

  constructor(store: StoredSession, log: CallLog) {
    this.#store = store;
    this.#log = log;
  }

  /** With what its turn came to. */
  answer(tab: Tab, call: PlacedCall, end: TurnEnd): void {
    this.#log.answered(call, end, reply(tab, call, end));
  }

  /** True when the call ran before, and has been answered so. What may run again does, unless its answer is on the way. */
  answeredBefore(tab: Tab, { origin, mode, number, url }: PlacedCall): boolean {
    if (origin === undefined) return false;
    if (mode !== "stored") {
      const isOnItsWay = origin === tab.id && tab.hasAnswered(number);
      if (isOnItsWay) tab.send([number]);
      return isOnItsWay;
    }
    const unsaved = origin === tab.id ? tab.unsaved.get(number) : undefined;
    const answer = unsaved === undefined ? answerTo(this.#store.recordOf(origin), number) : { kept: unsaved };
    if (answer === undefined) return false;
    tab.answerAgain(number, answer.kept, origin === tab.id && isAt(tab, url));
    return true;
  }

  /** Refuses a call without a turn, for want of room. Kept in memory until a later call of the tab is written. */
  refuseAtOnce(tab: Tab, call: PlacedCall): void {
    const frame = refusedFrame(call, "too-many-waiting");
    if (call.origin !== undefined && call.origin === tab.id && tab.unsaved.size < LIMITS.keptReplies)
      tab.unsaved.set(call.number, JSON.stringify(frame));
    tab.send(frame);
  }

  /** Refuses a call that is not stored, and may be made again. */
  refuse(tab: Tab, call: PlacedCall, code: CallRefusalCode): void {
    tab.send(refusedFrame(call, code));
  }
}
