import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CacheStore } from "../../durable-objects/cache-store.ts";
import { Entries } from "../../src/cache/entries.ts";
import type { EntryStore, StoredEntry } from "../../src/cache/entry-store.ts";
import { Recency } from "../../src/cache/recency.ts";
import { MemoryEntryStore } from "../support/memory-entry-store.ts";

/** Runs in an object whose storage is empty. */
async function inObject<Result>(run: (storage: DurableObjectStorage) => Result): Promise<Result> {
  const stub = exports.CacheObject.getByName(crypto.randomUUID());
  return await runInDurableObject(stub, (_, { storage }) => run(storage));
}

/** A storage that counts rows: the SQLite ones, and alarms that are set. */
function counting(storage: DurableObjectStorage) {
  const counts = { written: 0, read: 0 };
  const exec = (query: string, ...binds: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...binds);
    const rows = cursor.toArray();
    counts.written += cursor.rowsWritten;
    counts.read += cursor.rowsRead;
    return { toArray: () => rows };
  };
  const counted = {
    sql: { exec },
    transactionSync: (run: () => unknown) => storage.transactionSync(run),
    setAlarm: () => {
      counts.written += 1;
      return Promise.resolve();
    },
  };
  // What a store uses of it.
  return { storage: counted as unknown as DurableObjectStorage, counts };
}

const ENTRY: StoredEntry = {
  value: new Uint8Array([1, 2, 3]),
  bytes: 4,
  tick: 1,
  expires: null,
  kept: null,
  version: null,
};

const KEY = fc.oneof(
  fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom("a", "b", ":", "%", "_", "\0") }),
  fc.string({ minLength: 1, maxLength: 4, unit: "grapheme" }),
);
const STEP = fc.oneof(
  fc.record({
    put: KEY,
    entry: fc.record({
      value: fc.uint8Array({ maxLength: 8 }),
      bytes: fc.nat(100),
      expires: fc.option(fc.nat(100)),
      version: fc.option(fc.string({ unit: "grapheme" })),
    }),
    evicted: fc.array(KEY, { maxLength: 2 }),
  }),
  fc.record({ remove: KEY }),
  fc.record({ removeMatched: fc.oneof(KEY, fc.constant("")) }),
  fc.record({ removeKeptUntil: fc.nat(100) }),
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

/** What a store says of a step. */
function take(store: EntryStore, step: Step, tick: number): unknown {
  if ("remove" in step) return store.remove(step.remove);
  if ("removeMatched" in step) return store.removeMatched(step.removeMatched);
  if ("removeKeptUntil" in step) return store.removeKeptUntil(step.removeKeptUntil);
  store.put(step.put, { ...step.entry, kept: step.entry.expires, tick }, step.evicted);
  return store.find(step.put);
}

describe("a cache store", () => {
  it("is what a map in memory is, whatever the keys", async () => {
    await inObject((storage) =>
      fc.assert(
        fc.property(
          fc.array(STEP, { maxLength: 30, size: "max" }),
          fc.array(KEY, { maxLength: 5 }),
          (steps, asked) => {
            storage.sql.exec("DROP TABLE IF EXISTS entries");
            const [stored, model] = [new CacheStore(storage), new MemoryEntryStore()];
            for (const [at, step] of steps.entries()) {
              expect(take(stored, step, at + 1)).toEqual(take(model, step, at + 1));
              expect(stored.totals()).toEqual(model.totals());
            }
            for (const key of asked) {
              expect(stored.find(key)).toEqual(model.find(key));
              expect(stored.measure(key)?.bytes).toBe(model.measure(key)?.bytes);
            }
            const order = (store: EntryStore) => store.leastRecent(2, 3).map(({ key, tick }) => [key, tick]);
            expect(order(new CacheStore(storage))).toEqual(order(model));
          },
        ),
      ),
    );
  });

  it("leaves nothing in an object that was only asked", async () => {
    await inObject((storage) => {
      const store = new CacheStore(storage);
      expect([store.find("a"), store.measure("a"), store.leastRecent(0, 9)]).toEqual([
        undefined,
        undefined,
        [],
      ]);
      store.remove("a");
      expect(store.removeMatched("a").count + store.removeMatched("").count).toBe(0);
      expect(store.removeKeptUntil(1).count).toBe(0);
      expect(storage.sql.exec("SELECT * FROM sqlite_master WHERE name = 'entries'").toArray()).toEqual([]);
    });
  });

  it("stores all or nothing when it makes room", async () => {
    await inObject((storage) => {
      const store = new CacheStore(storage);
      store.put("old", ENTRY, []);
      const broken = { ...ENTRY, value: null as unknown as Uint8Array };
      expect(() => store.put("new", broken, ["old"])).toThrow(/NOT NULL/);
      expect([store.find("old"), store.find("new")]).toEqual([ENTRY, undefined]);
    });
  });

  it("reads what an eviction or a deploy left, and stores none of it twice", async () => {
    await inObject((storage) => {
      new CacheStore(storage).put("a", ENTRY, []);
      const later = new CacheStore(storage);
      later.put("b", { ...ENTRY, tick: 2 }, []);
      expect([later.find("a"), later.totals().count]).toEqual([ENTRY, 2]);
    });
  });
});

describe("the rows that an operation writes", () => {
  it("are none to read, one to write, one to count, and one for each that goes", async () => {
    await inObject((real) => {
      const { storage, counts } = counting(real);
      const store = new CacheStore(storage);
      const entries = new Entries(store, new Recency(store), { capacityBytes: 1_000, now: () => 0 });
      const rowsOf = (run: () => unknown) => {
        const before = counts.written;
        run();
        return counts.written - before;
      };
      const value = new Uint8Array(100);
      const draft = (expires: number | null) => ({ value, expires, kept: expires, version: null });
      entries.put("a table", draft(null));
      expect(rowsOf(() => entries.put("forever", draft(null)))).toBe(1);
      expect(rowsOf(() => entries.put("forever", draft(null)))).toBe(1);
      // The first that expires sets the alarm, those of the same minute do not.
      expect(rowsOf(() => entries.put("k0", draft(5_000)))).toBe(2);
      expect(rowsOf(() => entries.put("k1", draft(1_000)))).toBe(1);
      expect(rowsOf(() => entries.find("k0"))).toBe(0);
      expect(rowsOf(() => entries.find("none"))).toBe(0);
      for (let at = 2; at < 7; at += 1) entries.put(`k${at}`, draft(5_000));
      // Of those with an expiry, the one that was read last stays.
      expect(rowsOf(() => entries.put("k7", { ...draft(5_000), value: new Uint8Array(150) }))).toBe(2);
      expect([entries.find("k0").kind, entries.find("k1").kind]).toEqual(["fresh", "missing"]);
      expect(rowsOf(() => entries.remove("k0"))).toBe(1);
      expect(rowsOf(() => entries.remove("k0"))).toBe(0);
    });
  });

  it("are read one at a time to find an entry", async () => {
    await inObject((real) => {
      const { storage, counts } = counting(real);
      const store = new CacheStore(storage);
      for (let at = 0; at < 50; at += 1) store.put(`key ${at}`, ENTRY, []);
      const before = counts.read;
      store.find("key 25");
      expect(counts.read - before).toBe(1);
    });
  });
});
