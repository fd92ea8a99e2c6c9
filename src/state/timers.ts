import { RESERVED, type SessionChanges } from "./draft.ts";

/** How the keys of timers begin in a draft, before their ids. */
export const TIMER_KEY = `${RESERVED}timer.`;

/** True for the key of a timer. */
export function isTimer(key: string): boolean {
  return key.startsWith(TIMER_KEY);
}

/** True when more than timers changes. Timers are in no page. */
export function isMoreThanTimers(changes: SessionChanges): boolean {
  for (const key of changes.keys()) if (!isTimer(key)) return true;
  return false;
}

/** A call that is due at a time, as it is stored. */
export interface TimerRecord {
  /** In milliseconds since 1970. */
  readonly at: number;
  /**
   * Tells those apart that are due at the same time: a lower one was set earlier, and runs earlier. Of one name, no two have
   * the same.
   */
  readonly order: number;
  /** `Class#method`. */
  readonly target: string;
  readonly args: readonly unknown[];
  /** The address of the page where it was set. */
  readonly url: string;
  /** How many times it has failed. */
  readonly attempts: number;
}

/** When a timer is due: so many milliseconds from now, or at a time (a number: in milliseconds since 1970). */
export type TimerTime = ({ readonly in: number } | { readonly at: Date | number }) & {
  /** Names the timer: one that waits under this name is replaced. Default: a name that no other timer has. */
  readonly id?: string;
};

/** Why a timer cannot be set: what it was asked for, or the session that it was asked of. */
export type TimerErrorCode =
  /** What is to run is no method of a reflex class. */
  | "timer-target"
  | "timer-time"
  | "timer-args"
  | "timer-id"
  /** The address of its page is not known, or too long. */
  | "timer-address"
  /** As many timers wait in the session as it holds. */
  | "timers-full"
  /** The session has nothing stored: it has expired, or never was. */
  | "session-unknown";

/** A timer that was not set; nothing was stored. `code` says why. */
export class TimerError extends Error {
  override readonly name = "TimerError";
  readonly code: TimerErrorCode;

  constructor(code: TimerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
