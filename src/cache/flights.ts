import { LIMITS } from "../protocol/limits.ts";
import type { Timer } from "../time/timer.ts";
import type { Claim } from "./cache-shard.ts";

/** A caller that waits for what another computes. */
interface Waiter {
  readonly version: string | undefined;
  readonly timeoutMs: number;
  /** Answers it and stops its timer. */
  readonly answer: (claim: Claim) => void;
}

/** One value that is being computed. */
interface Flight {
  /** Names the one lease that counts. */
  token: string;
  stopTimer: () => void;
  /** First come, first served. */
  waiters: Waiter[];
}

/** What came of a computation, for those who wait. */
export interface Landing {
  /** `undefined`: there is none. */
  readonly value: Uint8Array | undefined;
  readonly version: string | undefined;
}

/**
 * Who computes a value that is missing, and who waits for it. The first who asks gets a lease; when it is given back unused,
 * or its time is over, the next in line gets one. In memory: what is lost with the object is lost with the callers' calls.
 */
export class Flights {
  readonly #timer: Timer;
  readonly #newToken: () => string;
  readonly #flights = new Map<string, Flight>();
  #waiting = 0;

  constructor(timer: Timer, newToken: () => string) {
    this.#timer = timer;
    this.#newToken = newToken;
  }

  /** Whether somebody computes the value of that key. */
  has(key: string): boolean {
    return this.#flights.has(key);
  }

  /** True while this lease is the one that counts. */
  isCurrent(key: string, token: string): boolean {
    return this.#flights.get(key)?.token === token;
  }

  /** Gives the right to compute, or has the caller wait for whoever has it. */
  join(
    key: string,
    { version, timeoutMs }: { readonly version: string | undefined; readonly timeoutMs: number },
  ): Claim | Promise<Claim> {
    const flight = this.#flights.get(key);
    if (flight === undefined) {
      if (this.#flights.size >= LIMITS.cacheFlights) return { kind: "alone" };
      const begun: Flight = { token: "", stopTimer: () => {}, waiters: [] };
      this.#flights.set(key, begun);
      return this.#lease(key, begun, timeoutMs);
    }
    if (this.#waiting >= LIMITS.cacheWaiters) return { kind: "alone" };
    return new Promise((resolve) => this.#wait(flight, { version, timeoutMs }, resolve));
  }

  /** The lease is given back unused: the next in line computes. Nothing happens for one that does not count. */
  release(key: string, token: string): void {
    if (this.isCurrent(key, token)) this.handOver(key);
  }

  /** The entry was deleted, so that what is being computed is out of date: the next in line computes. */
  handOver(key: string): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    flight.stopTimer();
    const [next, ...others] = flight.waiters;
    if (next === undefined) {
      this.#flights.delete(key);
      return;
    }
    flight.waiters = others;
    next.answer(this.#lease(key, flight, next.timeoutMs));
  }

  handOverMatched(prefix: string): void {
    for (const key of [...this.#flights.keys()]) if (key.startsWith(prefix)) this.handOver(key);
  }

  /** There is a value, by a lease or written by anybody: all who wait get it, but for those who want another version. */
  land(key: string, { value, version }: Landing): void {
    const flight = this.#flights.get(key);
    if (flight === undefined) return;
    const isServed = (waiter: Waiter) =>
      version === undefined || waiter.version === undefined || waiter.version === version;
    const served = flight.waiters.filter(isServed);
    flight.waiters = flight.waiters.filter((waiter) => !isServed(waiter));
    for (const waiter of served) {
      waiter.answer(value === undefined ? { kind: "none" } : { kind: "value", value });
    }
    this.handOver(key);
  }

  #lease(key: string, flight: Flight, timeoutMs: number): Claim {
    const token = this.#newToken();
    flight.token = token;
    flight.stopTimer = this.#timer(timeoutMs, () => this.release(key, token));
    return { kind: "lease", token };
  }

  #wait(
    flight: Flight,
    { version, timeoutMs }: Pick<Waiter, "version" | "timeoutMs">,
    resolve: (claim: Claim) => void,
  ): void {
    this.#waiting += 1;
    const answer = (claim: Claim) => {
      stopTimer();
      this.#waiting -= 1;
      resolve(claim);
    };
    const waiter: Waiter = { version, timeoutMs, answer };
    const stopTimer = this.#timer(timeoutMs, () => {
      flight.waiters = flight.waiters.filter((one) => one !== waiter);
      answer({ kind: "alone" });
    });
    flight.waiters.push(waiter);
  }
}
