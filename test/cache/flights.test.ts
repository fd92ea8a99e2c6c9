import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/cache/cache-shard.ts";
import { Flights } from "../../src/cache/flights.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { VirtualTime } from "../support/virtual-time.ts";

const VALUE = new Uint8Array([1]);
const TERMS = { version: undefined, timeoutMs: 10 };

function fixture() {
  const time = new VirtualTime();
  const running = new Set<object>();
  let tokens = 0;
  const flights = new Flights(
    (milliseconds, expired) => {
      const timer = {};
      running.add(timer);
      const cancel = time.later(milliseconds, () => {
        running.delete(timer);
        expired();
      });
      return () => {
        running.delete(timer);
        cancel();
      };
    },
    () => {
      tokens += 1;
      return `token ${tokens}`;
    },
  );
  return { time, flights, timers: () => running.size };
}

/** Joins, and tells what came of it as soon as it has. */
function join(flights: Flights, terms: Partial<typeof TERMS | { version: string }> = {}) {
  const seen: { claim?: Claim } = {};
  const answer = Promise.resolve(flights.join("key", { ...TERMS, ...terms })).then((claim) => {
    seen.claim = claim;
    return claim;
  });
  return { seen, answer };
}

describe("a flight", () => {
  it("gives one lease, and what comes of it to all who wait", async () => {
    const { flights, timers } = fixture();
    expect(flights.join("key", TERMS)).toEqual({ kind: "lease", token: "token 1" });
    const waiting = [join(flights), join(flights)];
    expect(flights.isCurrent("key", "token 1")).toBe(true);
    flights.land("key", { value: VALUE, version: undefined });
    for (const { answer } of waiting) expect(await answer).toEqual({ kind: "value", value: VALUE });
    expect([flights.has("key"), timers()]).toEqual([false, 0]);
  });

  it("tells all who wait that there is no value", async () => {
    const { flights } = fixture();
    flights.join("key", TERMS);
    const { answer } = join(flights);
    flights.land("key", { value: undefined, version: undefined });
    expect(await answer).toEqual({ kind: "none" });
  });

  it("goes to the next in line when its lease is given back, and the one before does not count any more", async () => {
    const { flights, timers } = fixture();
    flights.join("key", TERMS);
    const [second, third] = [join(flights), join(flights)];
    flights.release("key", "token 1");
    expect(await second.answer).toEqual({ kind: "lease", token: "token 2" });
    expect([flights.isCurrent("key", "token 1"), flights.isCurrent("key", "token 2")]).toEqual([false, true]);
    flights.release("key", "token 1");
    expect(flights.isCurrent("key", "token 2")).toBe(true);
    flights.release("key", "token 2");
    expect(await third.answer).toEqual({ kind: "lease", token: "token 3" });
    flights.release("key", "token 3");
    expect([flights.has("key"), timers()]).toEqual([false, 0]);
  });

  it("goes to the next in line when its lease has lasted for as long as it may", async () => {
    const { time, flights, timers } = fixture();
    flights.join("key", TERMS);
    time.passUntil(1);
    const { answer } = join(flights);
    time.passUntil(9);
    expect(flights.isCurrent("key", "token 1")).toBe(true);
    time.passUntil(10);
    expect(await answer).toEqual({ kind: "lease", token: "token 2" });
    time.passUntil(20);
    expect([flights.has("key"), timers()]).toEqual([false, 0]);
  });

  it("is waited for as long as the waiter said, which then computes alone", async () => {
    const { time, flights, timers } = fixture();
    flights.join("key", TERMS);
    const { answer, seen } = join(flights, { timeoutMs: 5 });
    time.passUntil(4);
    expect(seen.claim).toBeUndefined();
    time.passUntil(5);
    expect(await answer).toEqual({ kind: "alone" });
    expect(timers()).toBe(1);
    flights.land("key", { value: VALUE, version: undefined });
    expect(timers()).toBe(0);
  });

  it("begins again for those who wait for another version", async () => {
    const { flights, timers } = fixture();
    flights.join("key", { ...TERMS, version: "1" });
    const [other, same, third] = [
      join(flights, { version: "2" }),
      join(flights, { version: "1" }),
      join(flights, { version: "2" }),
    ];
    flights.land("key", { value: VALUE, version: "1" });
    expect(await same.answer).toEqual({ kind: "value", value: VALUE });
    expect(await other.answer).toEqual({ kind: "lease", token: "token 2" });
    flights.land("key", { value: VALUE, version: "2" });
    expect(await third.answer).toEqual({ kind: "value", value: VALUE });
    expect(timers()).toBe(0);
  });

  it("is out of date when its entry is deleted, by itself or by its prefix", async () => {
    const { flights } = fixture();
    flights.join("key", TERMS);
    const { answer } = join(flights);
    flights.handOverMatched("other");
    expect(flights.isCurrent("key", "token 1")).toBe(true);
    flights.handOverMatched("ke");
    expect(await answer).toEqual({ kind: "lease", token: "token 2" });
    flights.handOver("key");
    expect(flights.has("key")).toBe(false);
  });
});

describe("flights", () => {
  it("are refused over their number, and so are those who wait", () => {
    const { flights } = fixture();
    for (let at = 0; at < LIMITS.cacheFlights; at += 1) flights.join(`key ${at}`, TERMS);
    expect(flights.join("one more", TERMS)).toEqual({ kind: "alone" });
    for (let at = 0; at < LIMITS.cacheWaiters; at += 1) void flights.join(`key ${at % 3}`, TERMS);
    expect(flights.join("key 0", TERMS)).toEqual({ kind: "alone" });
    flights.land("key 0", { value: VALUE, version: undefined });
    expect(flights.join("key 0", TERMS)).toMatchObject({ kind: "lease" });
    expect(flights.join("key 0", TERMS)).toBeInstanceOf(Promise);
  });
});
