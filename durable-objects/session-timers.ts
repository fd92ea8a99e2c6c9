import type { SendNow } from "../src/cable/cable.ts";
import { LIMITS } from "../src/protocol/limits.ts";
import type { LogLine } from "../src/reflex/call-logger.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import { retryMs } from "../src/state/timer-retry.ts";
import {
  TIMER_KEY,
  TimerError,
  type TimerErrorCode,
  type TimerRecord,
  type TimerTime,
} from "../src/state/timers.ts";
import type { TurnState, TurnWrites } from "../src/state/turn-state.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import { actTurn, type UpdatesForAll, updatesForAll } from "../src/turn/turn.ts";
import type { TurnQueue } from "../src/turn/turn-queue.ts";
import { isShared, type PageKeeper } from "./page-keeper.ts";
import type { AlarmDuty, Ring } from "./session-alarm.ts";
import type { SessionOutbox } from "./session-outbox.ts";
import type { SessionStanding } from "./session-standing.ts";
import type { CommitOptions, StoredSession } from "./session-store.ts";
import type { TurnStates } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** How long timers rest after one could not be written, in milliseconds. */
const REST_MS = 60_000;

/** What the timers of a session act on. */
export interface TimerParts<Env> {
  readonly queue: TurnQueue;
  readonly store: StoredSession;
  readonly states: TurnStates<Env>;
  readonly pages: PageKeeper<Env>;
  readonly standing: SessionStanding;
  readonly outbox: SessionOutbox;
}

/** What becomes of a timer that is asked for from outside. */
export type LaterAnswer =
  | { readonly kind: "set"; readonly id: string }
  | { readonly kind: "refused"; readonly code: TimerErrorCode; readonly message: string };

/** One run of a timer. */
interface TimerRun {
  readonly key: string;
  readonly timer: TimerRecord;
  readonly callId: string;
}

/** What a run came to. */
type RunEnd =
  | {
      readonly kind: "done";
      readonly writes: TurnWrites;
      /** For every open tab. */
      readonly updates: UpdatesForAll;
    }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly cause: unknown };

/**
 * The timers of one session. Each that is due is a turn of its own in the session's queue, so that calls wait for one of
 * them at most; what it changes and its removal are one write, so that it takes effect once.
 */
export class SessionTimers<Env> implements AlarmDuty {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #parts: TimerParts<Env>;
  /** In milliseconds since 1970. */
  #restUntil = 0;

  constructor(surroundings: TurnSurroundings<Env>, parts: TimerParts<Env>) {
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  /** Sets a timer at once, whatever turns wait: a reflex that asks for one in its own session would wait for itself. */
  later(target: string, time: TimerTime, args: readonly unknown[]): LaterAnswer {
    const { store, states, standing } = this.#parts;
    const state = states.forTimer(store.origin);
    try {
      if (store.isOver || store.isBare || standing.hasEnded) throw unknownSession(states.id);
      const id = state.timers.set({ target, time, args, url: homeOf(state) });
      this.#commit(state.close().changes);
      return { kind: "set", id };
    } catch (cause) {
      // The class of an error does not come through a remote call.
      if (cause instanceof TimerError) return { kind: "refused", code: cause.code, message: cause.message };
      throw cause;
    } finally {
      state.abandon();
    }
  }

  /** Runs what is due, the earliest first, as far as time goes. */
  async ring({ now, isAgain }: Ring): Promise<number | undefined> {
    for (const key of this.#dueAt(now)) {
      if (this.#now() >= now + LIMITS.ringMs || this.#now() < this.#restUntil) break;
      await this.#parts.queue.run(() => this.#runNext(key, isAgain));
    }
    return this.#next();
  }

  #next(): number | undefined {
    let next: number | undefined;
    for (const [, { at }] of this.#parts.store.timerRecords()) next = Math.min(next ?? at, at);
    return next && Math.max(next, this.#restUntil);
  }

  #dueAt(now: number): readonly string[] {
    const due: { readonly key: string; readonly at: number; readonly order: number }[] = [];
    for (const [key, { at, order }] of this.#parts.store.timerRecords())
      if (at <= now) due.push({ key, at, order });
    due.sort((left, right) => left.at - right.at || left.order - right.order);
    return due.map(({ key }) => key);
  }

  /** One turn of the queue. Never rejects. */
  async #runNext(key: string, isAgain: boolean): Promise<void> {
    const timer = this.#parts.store.timer(key);
    // Cancelled, or put off, while it waited.
    if (timer === undefined || timer.at > this.#now()) return;
    const run: TimerRun = { key, timer, callId: crypto.randomUUID() };
    try {
      if (isAgain && !this.#putOff(run)) return;
      this.#conclude(run, await this.#act(run));
    } catch (cause) {
      // What cannot be written at all would otherwise be tried again at once, and for ever.
      this.#restUntil = this.#now() + REST_MS;
      this.#log("timer-failed", run, cause);
    }
  }

  /** Runs the method. Never rejects, takes no more than its time, and after it nothing is written any more. */
  async #act(run: TimerRun): Promise<RunEnd> {
    const { runtime } = this.#surroundings;
    const state = this.#parts.states.forTimer(new URL(run.timer.url).origin);
    try {
      state.takeTimer(idOf(run.key), run.timer);
      const ports = { registry: runtime.ownTargets };
      const acted = await withDeadline(actTurn(this.#input(run, state), ports), LIMITS.turnMs, runtime.timer);
      if (acted.kind === "refused") return { kind: "failed", cause: acted.cause ?? acted.code };
      if (acted.kind !== "acted") return { kind: "stopped" };
      const updates = updatesForAll(acted);
      return { kind: "done", writes: state.close(), updates };
    } catch (cause) {
      return { kind: "failed", cause };
    } finally {
      state.abandon();
    }
  }

  /** Writes what a run came to, and has every open tab show it. */
  #conclude(run: TimerRun, end: RunEnd): void {
    if (end.kind === "failed") return this.#failed(run, end.cause);
    if (end.kind === "stopped") return this.#replace(run, undefined);
    const { isPage, before, after } = end.updates;
    const { pages, outbox } = this.#parts;
    const prepared = outbox.prepared(end.writes, undefined);
    const { changes } = prepared;
    pages.committing(changes, undefined);
    const ours = this.#isReplaced(run) ? without(changes, run.key) : changes;
    const isNews = isPage || [...changes.keys()].some(isShared);
    this.#commit(ours, { isNews, ringBy: outbox.dueFor(changes) });
    outbox.committed(prepared);
    if (!isPage) return pages.tell([...before, ...after]);
    pages.sendNow(before);
    pages.committed(undefined, after);
  }

  #failed(run: TimerRun, cause: unknown): void {
    const resolution = this.#surroundings.runtime.ownTargets.resolve(run.timer.target);
    const own = resolution.kind === "action" ? resolution.reflexClass.retries : undefined;
    const isOver = run.timer.attempts >= (own ?? LIMITS.timerRetries);
    this.#log(isOver ? "timer-given-up" : "timer-failed", run, cause);
    this.#replace(run, isOver ? undefined : this.#nextTry(run));
  }

  /**
   * Counts a run before it is tried, and takes it out of the way of the others: one that ends the object each time would
   * otherwise be the first in each further ring. False when it has been tried often enough.
   */
  #putOff(run: TimerRun): boolean {
    const isOver = run.timer.attempts > LIMITS.timerRetriesMax;
    if (isOver) this.#log("timer-given-up", run, new Error("It did not come to an end, again and again"));
    this.#replace(run, isOver ? undefined : this.#nextTry(run));
    return !isOver;
  }

  #nextTry({ timer }: TimerRun): TimerRecord {
    const attempts = timer.attempts + 1;
    return { ...timer, attempts, at: this.#now() + retryMs(attempts, this.#surroundings.runtime.random()) };
  }

  /** Puts something else, or nothing, in the place of a timer that ran in vain. */
  #replace(run: TimerRun, timer: TimerRecord | undefined): void {
    if (!this.#isReplaced(run)) this.#commit(new Map([[run.key, timer]]));
  }

  /** Nobody has come for it: the session lives no longer for it. */
  #commit(changes: SessionChanges, options: CommitOptions = {}): void {
    this.#parts.store.commit(changes, { ...options, isSeen: false });
  }

  /** True when another one was set from outside under its name while it ran. */
  #isReplaced({ key, timer }: TimerRun): boolean {
    return this.#parts.store.timer(key)?.order !== timer.order;
  }

  #input({ key, timer, callId }: TimerRun, state: TurnState) {
    const { target, args, order } = timer;
    // A name may be given again; together with its order it is this timer's alone.
    const idempotencyKey = `${state.session.id}:${idOf(key)}:${order.toString(36)}`;
    const url = new URL(timer.url);
    const { env, runtime } = this.#surroundings;
    const sendNow: SendNow = (operations) => this.#parts.pages.sendNow(operations);
    const log = (line: LogLine) =>
      runtime.log({ event: "log", id: callId, target, url: url.pathname + url.search, ...line });
    return { callId, idempotencyKey, target, detail: { args }, url, state, env, sendNow, log };
  }

  #now(): number {
    return this.#surroundings.runtime.now();
  }

  #log(event: string, { timer, callId }: TimerRun, cause: unknown): void {
    const { pathname, search } = new URL(timer.url);
    const { target } = timer;
    this.#surroundings.runtime.log({ event, id: callId, target, url: pathname + search, cause });
  }
}

function idOf(key: string): string {
  return key.slice(TIMER_KEY.length);
}

/** What the turn itself set under the name of its timer is kept from the one that was set meanwhile. */
function without(changes: SessionChanges, key: string): SessionChanges {
  return new Map([...changes].filter(([other]) => other !== key));
}

/** Where timers from outside are set: at the front page of the site. */
function homeOf(state: TurnState): string {
  try {
    return state.urls.absolute("/");
  } catch (cause) {
    throw new TimerError("timer-address", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function unknownSession(id: string): TimerError {
  return new TimerError(
    "session-unknown",
    `The session ${JSON.stringify(id.slice(0, 100))} has nothing stored: it has expired, or never was; expected the ` +
      "session.id of one that lives",
  );
}
