import { RESERVED } from "./draft.ts";

/** How the keys of timers begin in a draft, before their ids. */
export const TIMER_KEY = `${RESERVED}timer.`;

/** A call that is due at a time, as it is stored. */
export interface TimerRecord {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** `Class#method`. */
  readonly target: string;
  readonly args: readonly unknown[];
  /** The address of the page where it was set. */
  readonly url: string;
  /** How many times it has failed. */
  readonly attempts: number;
}
