import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoredPresence } from "../../durable-objects/presence-store.ts";
import type { PresenceStore, StoredAttendance } from "../../src/topics/presence-store.ts";
import { MemoryPresenceStore } from "../support/memory-presence-store.ts";

type Step =
  | { readonly kind: "put"; readonly one: StoredAttendance }
  | { readonly kind: "remove"; readonly session: string }
  | { readonly kind: "due" | "mark"; readonly at: number }
  | { readonly kind: "sleep" };

const session = fc.constantFrom("s1", "s2", "s3");
const time = fc.nat({ max: 5 });

const steps = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("put" as const),
      one: fc
        .record({
          session,
          tabs: fc.nat({ max: 3 }),
          since: time,
          number: time,
          due: fc.option(time),
          meta: fc.json(),
        })
        .map((one) => ({ ...one, id: `id-${one.session}`, fewer: one.due === null ? null : 1 })),
    }),
    fc.record({ kind: fc.constant("remove" as const), session }),
    fc.record({ kind: fc.constantFrom("due" as const, "mark" as const), at: time }),
    fc.record({ kind: fc.constant("sleep" as const) }),
  ),
  { maxLength: 25 },
);

/** All that a store says. */
function told(store: PresenceStore) {
  return {
    first: store.first(2),
    all: [...store.sessions()].sort(),
    count: store.count(),
    found: store.find("s1") ?? null,
    marks: store.marks() ?? null,
  };
}

function take(store: PresenceStore, step: Step): unknown {
  if (step.kind === "put") store.put(step.one);
  else if (step.kind === "remove") store.remove(step.session);
  else if (step.kind === "mark") store.mark({ askedAt: step.at, isUntold: step.at > 2 });
  else if (step.kind === "due") {
    const due = [...store.due(step.at)].sort((one, other) => (one.session < other.session ? -1 : 1));
    for (const one of due) store.put({ ...one, due: null });
    return due;
  }
  return undefined;
}

/** A storage that counts the rows that are written. */
function counting(storage: DurableObjectStorage) {
  const counts = { written: 0 };
  const exec = (query: string, ...binds: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...binds);
    const rows = cursor.toArray();
    counts.written += cursor.rowsWritten;
    return { toArray: () => rows };
  };
  const put = (key: string, value: unknown) => {
    counts.written += 1;
    storage.kv.put(key, value);
  };
  const counted = { sql: { exec }, kv: { get: (key: string) => storage.kv.get(key), put } };
  // What a store uses of it.
  return { storage: counted as unknown as DurableObjectStorage, counts };
}

const ADA: StoredAttendance = {
  session: "s1",
  id: "id-s1",
  meta: '{"name":"Ada"}',
  tabs: 1,
  since: 5,
  number: 7,
  fewer: null,
  due: null,
};

describe("what a topic stores of those who are present", () => {
  it("is what was put, through every sleep", async () => {
    await runInDurableObject(exports.TopicObject.getByName("store:laws"), (_, { storage }) => {
      fc.assert(
        fc.property(steps, (taken) => {
          storage.sql.exec("DROP TABLE IF EXISTS presence");
          storage.kv.delete("presence");
          const model = new MemoryPresenceStore();
          let store = new StoredPresence(storage);
          for (const step of taken) {
            if (step.kind === "sleep") store = new StoredPresence(storage);
            expect(take(store, step)).toEqual(take(model, step));
            expect(told(store)).toEqual(told(model));
            // What it says is due may be due later, never earlier.
            const due = model.nextDue();
            if (due !== undefined) expect(store.nextDue()).toBeLessThanOrEqual(due);
          }
          const due = model.nextDue();
          expect(new StoredPresence(storage).nextDue()).toBe(due);
        }),
        { numRuns: 200, verbose: 1 },
      );
    });
  });

  it("is one row for each change, and nothing before the first", async () => {
    await runInDurableObject(exports.TopicObject.getByName("store:rows"), (_, { storage: real }) => {
      const { storage, counts } = counting(real);
      const store = new StoredPresence(storage);
      told(store);
      store.remove("s1");
      expect(real.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'presence'").toArray()).toEqual([]);
      store.put(ADA);
      counts.written = 0;
      store.put({ ...ADA, tabs: 2 });
      expect(counts.written).toBe(1);
      store.put({ ...ADA, session: "s2" });
      expect(counts.written).toBe(2);
      store.remove("s2");
      expect(counts.written).toBe(3);
      store.mark({ askedAt: 1, isUntold: false });
      expect(counts.written).toBe(4);
      told(store);
      store.due(9);
      expect(counts.written).toBe(4);
    });
  });
});
