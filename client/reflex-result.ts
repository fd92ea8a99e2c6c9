import type { SpecialOutcome } from "../src/protocol/messages.ts";

/** How a call ended that did not fail. */
export type Outcome =
  /** It ran, and the page shows it. */
  | "done"
  /** A listener of `reflex:before` has called it off. */
  | "cancelled"
  /** A later call of its element took its place: its page was not shown; what was not sent yet did not run. */
  | "superseded"
  /** It ran and left the page alone, or the action stopped itself. */
  | SpecialOutcome;

/** A call that did not fail, as the server has answered it. */
export interface ConsumerResult {
  /** `Class#action`, as called. */
  readonly target: string;
  readonly outcome: Outcome;
  /** What the action handed to its caller; absent when it said nothing. */
  readonly payload?: unknown;
}
