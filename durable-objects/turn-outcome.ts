import { LIMITS } from "../src/protocol/limits.ts";
import { NO_WRITES, type TurnState, type TurnWrites } from "../src/state/turn-state.ts";
import type { Timer } from "../src/time/timer.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import { refusalOf } from "./placed-call.ts";

/** A turn that is over, with what it wants written. */
export interface TurnOutcome {
  readonly end: TurnEnd;
  readonly writes: TurnWrites;
}

/**
 * Runs a turn. Never rejects, takes no more than its time, and after it nothing is written any more.
 *
 * @param states what the turn reads and writes; the first one's writes are wanted
 * @param newTicket see `TurnState.close`
 */
export async function outcomeOf(
  turn: () => Promise<TurnEnd>,
  states: readonly [TurnState, ...TurnState[]],
  { timer, newTicket }: { readonly timer: Timer; readonly newTicket: () => string },
): Promise<TurnOutcome> {
  try {
    const end = await withDeadline(turn(), LIMITS.turnMs, timer);
    return { end, writes: end.kind === "done" ? states[0].close(newTicket) : NO_WRITES };
  } catch (cause) {
    return { end: refusalOf(cause), writes: NO_WRITES };
  } finally {
    for (const one of states) one.abandon();
  }
}
