import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Entries, type EntryDraft } from "../../src/cache/entries.ts";
import { Recency, type RecencyBounds } from "../../src/cache/recency.ts";
import { MemoryEntryStore } from "../support/memory-entry-store.ts";

const FOREVER = { expires: null, kept: null, version: null };
const MINUTE = 60_000;

function draft(bytes: number, terms: Partial<EntryDraft> = {}): EntryDraft {
  return { value: new Uint8Array(bytes), ...FOREVER, ...terms };
}

function until(expires: number): Partial<EntryDraft> {
  return { expires, kept: expires };
}

class Fixture {
  readonly store = new MemoryEntryStore();
  now = 0;
  entries: Entries;
  readonly #capacityBytes: number;
  readonly #bounds: RecencyBounds | undefined;

  constructor(capacityBytes = 100, bounds?: RecencyBounds) {
    this.#capacityBytes = capacityBytes;
    this.#bounds = bounds;
    this.entries = this.#open();
  }

  /** As the platform does with an object that is idle: what is in memory is gone. */
  evict(): void {
    this.entries = this.#open();
  }

  get keys(): readonly string[] {
    return [...this.store.entries.keys()].sort();
  }

  #open(): Entries {
    const recency = new Recency(this.store, this.#bounds);
    return new Entries(this.store, recency, { capacityBytes: this.#capacityBytes, now: () => this.now });
  }
}

/** What the cache promises of capacity and order, told once more without candidates and cursors. */
class Model {
  readonly stored = new Map<string, { bytes: number; isPermanent: boolean; written: number }>();
  /** Entries with an expiry by when they were read since they were written, oldest first. */
  readonly #reads = new Map<string, number>();
  readonly #maxReads: number;
  #uses = 0;

  constructor(maxReads: number) {
    this.#maxReads = maxReads;
  }

  read(key: string): void {
    if (this.stored.get(key)?.isPermanent !== false) return;
    this.#uses += 1;
    this.#reads.delete(key);
    this.#reads.set(key, this.#uses);
    if (this.#reads.size <= this.#maxReads) return;
    const forgotten = [...this.#reads.keys()].slice(0, Math.ceil(this.#reads.size / 2));
    for (const one of forgotten) this.#reads.delete(one);
  }

  remove(key: string): boolean {
    this.#reads.delete(key);
    return this.stored.delete(key);
  }

  /** Which go for it; `undefined` when there is no room. */
  put(key: string, bytes: number, { isPermanent, capacity }: { isPermanent: boolean; capacity: number }) {
    const others = [...this.stored].filter(([other]) => other !== key);
    let left = others.reduce((sum, [, other]) => sum + other.bytes, bytes);
    const used = ([name, { written }]: (typeof others)[number]) => this.#reads.get(name) ?? written;
    const leaving = others
      .filter(([, other]) => !other.isPermanent)
      .sort((one, other) => used(one) - used(other));
    const evicted: string[] = [];
    for (const [name, entry] of leaving) {
      if (left <= capacity) break;
      left -= entry.bytes;
      evicted.push(name);
    }
    if (left > capacity) return undefined;
    for (const name of [...evicted, key]) this.remove(name);
    this.#uses += 1;
    this.stored.set(key, { bytes, isPermanent, written: this.#uses });
    return evicted;
  }

  /** Reads are forgotten; the order of writes is not. */
  evict(): void {
    this.#reads.clear();
  }
}

type Step =
  | { put: string; bytes: number; isPermanent: boolean }
  | { read: string }
  | { remove: string }
  | "evict the object";

/** Does the same to both. */
function take(step: Step, cache: Fixture, model: Model): void {
  if (step === "evict the object") {
    cache.evict();
    model.evict();
  } else if ("read" in step) {
    cache.entries.find(step.read);
    model.read(step.read);
  } else if ("remove" in step) {
    expect(cache.entries.remove(step.remove)).toBe(model.remove(step.remove));
  } else {
    const expires = step.isPermanent ? {} : until(MINUTE);
    const noRoom = cache.entries.put(step.put, draft(step.bytes, expires));
    // The key is one byte.
    const evicted = model.put(step.put, step.bytes + 1, { ...step, capacity: CAPACITY });
    expect(noRoom === undefined).toBe(evicted !== undefined);
  }
}

const CAPACITY = 300;
const BOUNDS = fc.record({
  maxReads: fc.constantFrom(2, 1_000),
  maxCandidates: fc.constantFrom(1, 2, 1_000),
});
const KEY = fc.constantFrom(..."abcdefghijklmnopqrst");
const STEP = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ put: KEY, bytes: fc.integer({ min: 0, max: 120 }), isPermanent: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      put: KEY,
      bytes: fc.integer({ min: 0, max: 40 }),
      isPermanent: fc.constant(false),
    }),
  },
  { weight: 6, arbitrary: fc.record({ read: KEY }) },
  { weight: 1, arbitrary: fc.record({ remove: KEY }) },
  { weight: 1, arbitrary: fc.constant("evict the object" as const) },
);

describe("the entries of a cache object", () => {
  it("stay within their capacity, keep what has no expiry, and go in least-recently-used order", () => {
    fc.assert(
      fc.property(fc.array(STEP, { maxLength: 120, size: "max" }), BOUNDS, (steps, bounds) => {
        const cache = new Fixture(CAPACITY, bounds);
        const model = new Model(bounds.maxReads);
        for (const step of steps) {
          take(step, cache, model);
          expect(cache.keys).toEqual([...model.stored.keys()].sort());
          const bytes = [...model.stored.values()].reduce((sum, entry) => sum + entry.bytes, 0);
          expect(cache.entries.bytes).toBe(bytes);
          expect(bytes).toBeLessThanOrEqual(CAPACITY);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keep their capacity when three times as much is stored, with every key that has no expiry", () => {
    const cache = new Fixture(1_000);
    for (let at = 0; at < 30; at += 1) cache.entries.put(`permanent ${at % 3}`, draft(19));
    for (let at = 10; at < 100; at += 1) cache.entries.put(`k${at}`, draft(27, until(MINUTE)));
    expect(cache.entries.bytes).toBeLessThanOrEqual(1_000);
    // Three of 30 bytes leave room for 30 of 30.
    expect(cache.keys).toEqual([
      ...Array.from({ length: 30 }, (_, index) => `k${index + 70}`),
      ...[0, 1, 2].map((at) => `permanent ${at}`),
    ]);
  });

  it("write nothing when they are read, and one row when they are stored", () => {
    const cache = new Fixture();
    cache.entries.put("a", draft(1, until(MINUTE)));
    cache.entries.put("a", draft(2, until(MINUTE)));
    expect(cache.store.rowsWritten).toBe(2);
    for (let time = 0; time < 50; time += 1) cache.entries.find("a");
    expect([cache.store.rowsWritten, cache.store.scans]).toEqual([2, 1]);
  });

  it("are all looked at once for a thousand evictions", () => {
    const cache = new Fixture(20_000);
    for (let at = 0; at < 4_000; at += 1) cache.entries.put(`k${at + 1_000}`, draft(5, until(MINUTE)));
    const scans = cache.store.scans;
    for (let at = 0; at < 2_000; at += 1) cache.entries.put(`l${at + 1_000}`, draft(5, until(MINUTE)));
    expect(cache.keys).toHaveLength(2_000);
    expect(cache.store.scans - scans).toBeLessThanOrEqual(3);
  });

  it("fall back to the order of writes when more were read than are remembered", () => {
    const cache = new Fixture(50, { maxReads: 4, maxCandidates: 2 });
    for (const key of "abcdefghij") cache.entries.put(key, draft(4, until(MINUTE)));
    for (const key of "abcde") cache.entries.find(key);
    // Of the five, the three that were read longest ago are as if they had not been.
    for (const key of "klmnopq") cache.entries.put(key, draft(4, until(MINUTE)));
    expect(cache.keys.join("")).toBe("deklmnopq".concat("j").split("").sort().join(""));
  });

  it("fall back also where the oldest were looked for before", () => {
    const cache = new Fixture(25, { maxReads: 3, maxCandidates: 1 });
    for (const key of "abcde") cache.entries.put(key, draft(4, until(MINUTE)));
    cache.entries.find("a");
    cache.entries.put("f", draft(4, until(MINUTE)));
    expect(cache.keys.join("")).toBe("acdef");
    for (const key of "cde") cache.entries.find(key);
    cache.entries.put("g", draft(4, until(MINUTE)));
    expect(cache.keys.join("")).toBe("cdefg");
  });

  it("refuse what would not fit with all evicted that may be, and then evict nothing", () => {
    const cache = new Fixture(100);
    cache.entries.put("permanent", draft(51));
    cache.entries.put("a", draft(9, until(MINUTE)));
    expect(cache.entries.put("b", draft(40, until(MINUTE)))).toEqual({
      bytes: 41,
      permanentBytes: 60,
      capacityBytes: 100,
    });
    expect(cache.keys).toEqual(["a", "permanent"]);
    expect(cache.entries.put("b", draft(39, until(MINUTE)))).toBeUndefined();
    expect(cache.keys).toEqual(["b", "permanent"]);
  });

  it("let an entry be replaced where there would be no room for it beside itself", () => {
    const cache = new Fixture(100);
    cache.entries.put("a", draft(99));
    expect(cache.entries.put("a", draft(98))).toBeUndefined();
    expect(cache.entries.bytes).toBe(99);
  });

  it("are in order after a write that failed", () => {
    const cache = new Fixture(30);
    for (const key of "abc") cache.entries.put(key, draft(9, until(MINUTE)));
    cache.store.failure = new Error("disk");
    expect(() => cache.entries.put("d", draft(9, until(MINUTE)))).toThrow("disk");
    cache.store.failure = undefined;
    cache.entries.put("e", draft(9, until(MINUTE)));
    expect(cache.keys).toEqual(["b", "c", "e"]);
    expect(cache.entries.bytes).toBe(30);
  });
});

describe("an entry with an expiry", () => {
  it("is missing from then on, and stale for as long as is asked for", () => {
    const cache = new Fixture();
    cache.entries.put("a", draft(1, until(1_000)));
    cache.now = 999;
    expect(cache.entries.find("a").kind).toBe("fresh");
    cache.now = 1_000;
    expect(cache.entries.find("a").kind).toBe("missing");
    expect(cache.entries.find("a", { staleMs: 1 }).kind).toBe("stale");
    cache.now = 1_001;
    expect(cache.entries.find("a", { staleMs: 1 }).kind).toBe("missing");
    expect(cache.entries.remove("a")).toBe(false);
    expect(cache.keys).toEqual([]);
  });

  it("is swept at the end of its minute, for which the entries of one minute ask once", () => {
    const cache = new Fixture();
    cache.entries.put("never", draft(1));
    expect(cache.store.wakings).toEqual([]);
    for (const [key, expires] of Object.entries({ a: 1_000, b: 500, c: MINUTE, d: MINUTE + 1 })) {
      cache.entries.put(key, draft(1, until(expires)));
    }
    expect(cache.store.wakings).toEqual([MINUTE]);
    cache.now = MINUTE;
    cache.entries.sweep();
    expect(cache.keys).toEqual(["d", "never"]);
    expect(cache.store.wakings).toEqual([MINUTE, 2 * MINUTE]);
    cache.now = 2 * MINUTE;
    cache.entries.sweep();
    expect([cache.keys, cache.entries.bytes]).toEqual([["never"], 6]);
    // Nothing expires, nothing is asked for.
    expect(cache.store.wakings).toHaveLength(2);
  });

  it("is kept by a sweep for as long as it may be served stale", () => {
    const cache = new Fixture();
    cache.entries.put("a", draft(1, { expires: 1_000, kept: MINUTE + 1 }));
    cache.now = MINUTE;
    cache.entries.sweep();
    expect(cache.keys).toEqual(["a"]);
  });

  it("asks for an earlier sweep when it comes later and expires before, also after an eviction of the object", () => {
    const cache = new Fixture();
    cache.entries.put("year", draft(1, until(9_000 * MINUTE)));
    cache.evict();
    cache.entries.put("later", draft(1, until(9_001 * MINUTE)));
    cache.entries.put("soon", draft(1, until(MINUTE)));
    expect(cache.store.wakings).toEqual([9_000 * MINUTE, MINUTE]);
  });

  it("asks again when the sweep that was asked for never came", () => {
    const cache = new Fixture();
    cache.entries.put("a", draft(1, until(MINUTE)));
    cache.now = 5 * MINUTE + 1;
    cache.evict();
    cache.entries.put("b", draft(1, until(900 * MINUTE)));
    expect(cache.store.wakings).toEqual([MINUTE, 6 * MINUTE]);
  });
});

describe("an entry with a version", () => {
  it("is missing for who asks for another, and there for who asks for it or for none", () => {
    const cache = new Fixture();
    cache.entries.put("a", draft(1, { version: "1" }));
    cache.entries.put("b", draft(1));
    const kinds = ["1", "2", undefined].map((version) => cache.entries.find("a", { version }).kind);
    expect(kinds).toEqual(["fresh", "missing", "fresh"]);
    expect(cache.entries.find("b", { version: "2" }).kind).toBe("fresh");
  });
});

describe("removing by prefix", () => {
  it("takes what begins so, and nothing else, and says how many", () => {
    const cache = new Fixture();
    for (const key of ["a:1", "a:2", "a", "b:1"]) cache.entries.put(key, draft(1));
    expect(cache.entries.removeMatched("a:")).toBe(2);
    expect([cache.keys, cache.entries.bytes]).toEqual([["a", "b:1"], 6]);
    expect(cache.entries.removeMatched("")).toBe(2);
    expect([cache.keys, cache.entries.bytes]).toEqual([[], 0]);
  });
});
