import { CLIENT_LIMITS, LIMITS } from "../protocol/limits.ts";
import type { CallRefusalCode } from "../protocol/refusals.ts";
import type { Draft, StoredTimers } from "./draft.ts";
import { roughSize } from "./rough-size.ts";
import { shown } from "./shown.ts";
import { TIMER_KEY, TimerError, type TimerRecord, type TimerTime } from "./timers.ts";

/** What setting timers rests on. */
export interface TimerPorts {
  /** The time in milliseconds since 1970. */
  now(): number;
  /** A name that no other timer has. */
  newId(): string;
  /** What is stored of the session's timers. */
  stored(): StoredTimers;
  /** Why a target cannot be run; `undefined` when it can. */
  whyNot(target: string): CallRefusalCode | undefined;
}

/** A timer as it is asked for. */
export interface TimerWish {
  /** `Class#method`. */
  readonly target: string;
  readonly time: TimerTime;
  readonly args: readonly unknown[];
  /** The address of the page that asks. */
  readonly url: string;
}

/** What a millisecond has room for before orders run ahead of the time: that they stay exact until the year 2255. */
const ORDERS = 1_000;

/**
 * The timers that one turn sets and cancels. They are values of its draft, so they are committed with everything else that
 * it writes, or not at all.
 */
export class TurnTimers {
  readonly #draft: Draft;
  readonly #ports: TimerPorts;
  /** How many more there are, as this turn leaves them, than are stored. */
  #added = 0;
  /** The order of the timer that was set last, and before it of the one whose turn this is. */
  #order = 0;

  constructor(draft: Draft, ports: TimerPorts) {
    this.#draft = draft;
    this.#ports = ports;
  }

  /**
   * Sets a timer, instead of the one that waits under its name.
   *
   * Throws {@link TimerError} for what cannot be a timer and for one too many, `SessionError` where the turn cannot write.
   *
   * @returns the timer's name
   */
  set({ target, time, args, url }: TimerWish): string {
    this.#assertTarget(target);
    const now = this.#ports.now();
    const at = dueAt(time, now);
    const id = idOf(time) ?? this.#ports.newId();
    const key = TIMER_KEY + id;
    assertUrl(url);
    assertArgs(target, args);
    // What is stored under the key of a timer was written below.
    const replaced = this.#draft.read(key) as TimerRecord | undefined;
    if (replaced === undefined) this.#assertRoom(target);
    const order = Math.max(
      now * ORDERS,
      1 + Math.max(this.#order, replaced?.order ?? 0, this.#ports.stored().lastOrder),
    );
    const timer: TimerRecord = { at, order, target, args, url, attempts: 0 };
    this.#draft.write(key, timer, `The timer ${shown(target)}`);
    this.#order = order;
    this.#added += Number(replaced === undefined);
    return id;
  }

  /**
   * Takes a timer back. Throws `SessionError` where the turn cannot write.
   *
   * @returns false when none of that name waits: it has run, or never was
   */
  cancel(id: string): boolean {
    const key = TIMER_KEY + id;
    this.#draft.assertOpen(key, `The timer ${shown(id)}`);
    if (typeof id !== "string" || this.#draft.read(key) === undefined) return false;
    this.#draft.write(key, undefined);
    this.#added -= 1;
    return true;
  }

  /** Takes the timer out whose turn this is: what the turn sets under its name is another one. */
  take(id: string, { order }: Pick<TimerRecord, "order">): void {
    this.#order = order;
    this.#draft.write(TIMER_KEY + id, undefined);
    this.#added -= 1;
  }

  #assertTarget(target: string): void {
    const code = typeof target === "string" ? this.#ports.whyNot(target) : "malformed-target";
    if (code === undefined) return;
    throw new TimerError(
      "timer-target",
      `A timer cannot run ${shown(target)} (${code}); expected "Class#method" with a method that one of the reflex classes declares`,
    );
  }

  #assertRoom(target: string): void {
    const count = this.#ports.stored().count + this.#added;
    if (count < LIMITS.timers) return;
    throw new TimerError(
      "timers-full",
      `The timer ${shown(target)} was not set: ${count} timers of this session wait, and it holds ${LIMITS.timers}; ` +
        "cancel some, or keep what is to be done in a database and set one timer for all of it",
    );
  }
}

/** Sets and cancels timers of the session, for one turn and for the page that the turn is about. */
export class Timers {
  readonly #turn: { readonly timers: TurnTimers };
  readonly #url: string;

  /** @param url the page's address, which the methods that the timers run get as theirs */
  constructor(turn: { readonly timers: TurnTimers }, url: string) {
    this.#turn = turn;
    this.#url = url;
  }

  /**
   * Has a method of a reflex class run later, once, whether a page is open or not; committed with everything else that the
   * turn writes. `args`: what structured clone can copy.
   *
   * Throws {@link TimerError} when there is no such method, for a time that is none or further away than a year, for
   * arguments over their limit, and when the session holds no more timers.
   *
   * @returns the timer's name, to cancel it by
   */
  later(target: string, time: TimerTime, ...args: readonly unknown[]): string {
    return this.#turn.timers.set({ target, time, args, url: this.#url });
  }

  /**
   * Takes a timer back; committed as {@link later} is.
   *
   * @returns false when none of that name waits: it has run, or never was
   */
  cancel(id: string): boolean {
    return this.#turn.timers.cancel(id);
  }
}

function dueAt(time: TimerTime, now: number): number {
  const at = timeOf(time, now);
  if (at !== undefined && at <= now + LIMITS.timerMs) return Math.max(now, Math.ceil(at));
  const expected = `{ in: milliseconds } from 0 to ${LIMITS.timerMs} (a year), or { at: a Date or milliseconds since 1970 } up to then`;
  throw new TimerError("timer-time", `A timer cannot be due ${showTime(time)}; expected ${expected}`);
}

/** `undefined` for what is no time. */
function timeOf(time: TimerTime, now: number): number | undefined {
  if (typeof time !== "object" || time === null || ("in" in time && "at" in time)) return undefined;
  const wait: unknown = "in" in time ? time.in : undefined;
  if (wait !== undefined) return typeof wait === "number" && wait >= 0 ? now + wait : undefined;
  const at: unknown = "at" in time ? time.at : undefined;
  const milliseconds = at instanceof Date ? at.getTime() : at;
  return typeof milliseconds === "number" && Number.isFinite(milliseconds) ? milliseconds : undefined;
}

function idOf({ id }: TimerTime): string | undefined {
  if (id === undefined || (typeof id === "string" && id !== "" && id.length <= LIMITS.timerIdChars))
    return id;
  throw new TimerError(
    "timer-id",
    `The timer's id is ${shown(id)}; expected text of 1 to ${LIMITS.timerIdChars} characters`,
  );
}

function assertUrl(url: string): void {
  if (url.length <= CLIENT_LIMITS.urlChars) return;
  throw new TimerError(
    "timer-address",
    `The address of the page has ${url.length} characters; a timer keeps one of at most ${CLIENT_LIMITS.urlChars}`,
  );
}

function assertArgs(target: string, args: readonly unknown[]): void {
  const chars = roughSize(copyOfArgs(target, args));
  if (args.length <= LIMITS.args && chars <= LIMITS.timerArgsChars) return;
  throw new TimerError(
    "timer-args",
    `The timer ${shown(target)} has ${args.length} arguments of ${chars} characters as JSON; expected at most ${LIMITS.args} ` +
      `of ${LIMITS.timerArgsChars}; keep large values in the session or a database`,
  );
}

/** The arguments as a timer keeps them. Throws {@link TimerError} `timer-args` for what cannot be copied. */
export function copyOfArgs(target: string, args: readonly unknown[]): readonly unknown[] {
  try {
    return structuredClone(args);
  } catch (cause) {
    const message = `The arguments of the timer ${shown(target)} cannot be stored; expected values that structuredClone can copy`;
    throw new TimerError("timer-args", message, { cause });
  }
}

function showTime(time: unknown): string {
  // JSON would show NaN and an invalid date as null.
  if (typeof time !== "object" || time === null) return shown(time);
  return `{ ${Object.entries(time)
    .map(([name, value]) => `${name}: ${String(value).slice(0, 50)}`)
    .join(", ")} }`;
}
