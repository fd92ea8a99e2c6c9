import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Entries, type NoRoom } from "../../src/cache/entries.ts";
import { Recency, type RecencyBounds } from "../../src/cache/recency.ts";
import { MemoryEntryStore } from "../support/memory-entry-store.ts";

const MINUTE = 60_000;
const CAPACITY = 150;

const KEY = fc.constantFrom("a", "ab", "abc", "b", "bc", "c", "cd", "d", "e", "f");
const EXPIRY = fc.record({ in: fc.integer({ min: 1, max: 5 * MINUTE }), staleMs: fc.nat(2 * MINUTE) });
const STEP = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ put: KEY, bytes: fc.nat(40), expiry: EXPIRY, fails: fc.constant(false) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ put: KEY, bytes: fc.nat(60), expiry: fc.option(EXPIRY), fails: fc.boolean() }),
  },
  { weight: 3, arbitrary: fc.record({ read: KEY }) },
  { weight: 1, arbitrary: fc.record({ remove: KEY }) },
  { weight: 1, arbitrary: fc.record({ removeMatched: fc.constantFrom("a", "ab", "b", "") }) },
  // The clock may go back.
  { weight: 3, arbitrary: fc.record({ pass: fc.integer({ min: -MINUTE / 2, max: 3 * MINUTE }) }) },
  { weight: 3, arbitrary: fc.constantFrom("ring" as const, "ring" as const, "sleep" as const) },
);
const BOUNDS = fc.record({
  maxReads: fc.constantFrom(2, 1_000),
  maxCandidates: fc.constantFrom(1, 2, 1_000),
});

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;
type Put = Extract<Step, { put: string }>;

/** An object's entries, on a clock and a platform that lets it ring. */
class Fixture {
  readonly #store = new MemoryEntryStore();
  readonly #bounds: RecencyBounds;
  #entries: Entries;
  #now = MINUTE * MINUTE;
  /** The latest time that there was. */
  #latest = this.#now;
  #alarmAt = Number.POSITIVE_INFINITY;

  constructor(bounds: RecencyBounds) {
    this.#bounds = bounds;
    this.#entries = this.#open();
  }

  take(step: Step): void {
    if (step === "sleep") this.#entries = this.#open();
    else if (step === "ring") this.#ring();
    else if ("put" in step) this.#put(step);
    else if ("read" in step) this.#entries.find(step.read);
    else if ("remove" in step) this.#entries.remove(step.remove);
    else if ("removeMatched" in step) this.#entries.removeMatched(step.removeMatched);
    else this.#now += step.pass;
    this.#latest = Math.max(this.#latest, this.#now);
    this.#alarmAt = this.#store.wakings.splice(0).at(-1) ?? this.#alarmAt;
  }

  /** What it believes to be stored is stored, no more than may be; and what may go some day will be looked at then. */
  check(): void {
    const all = [...this.#store.entries.values()];
    const bytes = all.reduce((sum, entry) => sum + entry.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(CAPACITY);
    expect(this.#entries.bytes).toBe(bytes);
    const firstKept = Math.min(...all.map(({ kept }) => kept ?? Number.POSITIVE_INFINITY));
    expect(this.#alarmAt).toBeLessThanOrEqual(Math.max(firstKept, this.#latest) + MINUTE);
  }

  #open(): Entries {
    const recency = new Recency(this.#store, this.#bounds);
    return new Entries(this.#store, recency, { capacityBytes: CAPACITY, now: () => this.#now });
  }

  #ring(): void {
    if (this.#alarmAt > this.#now) return;
    this.#alarmAt = Number.POSITIVE_INFINITY;
    this.#entries.sweep();
  }

  /** Stores it, or leaves everything as it was; and leaves what has no expiry in any case. */
  #put(step: Put): void {
    const before = [...this.#store.entries];
    const permanent = before.filter(([key, { expires }]) => expires === null && key !== step.put);
    const used = permanent.reduce((sum, [, { bytes }]) => sum + bytes, step.put.length + step.bytes);
    const result = this.#tryToPut(step);
    expect(result === undefined).toBe(used <= CAPACITY && !step.fails);
    if (result !== undefined) return expect([...this.#store.entries]).toEqual(before);
    for (const [key, entry] of permanent) expect(this.#store.entries.get(key)).toEqual(entry);
    expect(this.#store.entries.get(step.put)?.value).toHaveLength(step.bytes);
  }

  #tryToPut({ put, bytes, expiry, fails }: Put): NoRoom | undefined | "failed" {
    const expires = expiry === null ? null : this.#now + expiry.in;
    const kept = expiry === null ? null : this.#now + expiry.in + expiry.staleMs;
    this.#store.failure = fails ? new Error("The disk is full") : undefined;
    try {
      return this.#entries.put(put, { value: new Uint8Array(bytes), expires, kept, version: null });
    } catch {
      return "failed";
    } finally {
      this.#store.failure = undefined;
    }
  }
}

describe("the accounts of a cache object", () => {
  it("are true whatever is stored, swept and removed, whatever fails, and through sleeps", () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 60 }), BOUNDS, (steps, bounds) => {
        const fixture = new Fixture(bounds);
        for (const step of steps) {
          fixture.take(step);
          fixture.check();
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
