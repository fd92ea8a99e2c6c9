import {
  createExecutionContext,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { Hono } from "hono";
import { describe, expect, it, vi } from "vitest";
import { StructuresStore } from "../../durable-objects/structures-store.ts";
import { createReflex, StructureError } from "../../src/index.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Cell } from "../../src/state/structures/cell.ts";
import { answer } from "../../src/state/structures/structure-call.ts";
import { stepped } from "../support/shelf-site.ts";
import { declare, LAWS, take } from "../support/structure-laws.ts";
import { objectOf as sessionOf, Tab, visit } from "../support/tab.ts";
import reflex from "../support/worker.ts";

const newKey = () => `key:${crypto.randomUUID()}`;

/** The structures of a key, as code outside of every session finds them. */
const structuresOf = (key: string) => reflex.structures(createExecutionContext()).for(key);

const objectOf = (key: string) => exports.StructuresObject.getByName(key);

/** What `/shelf` shows: the counter of a key, and five structures of the session. */
async function shelfOf(tab: Tab, key?: string): Promise<unknown> {
  const path = key === undefined ? "/shelf" : `/shelf?key=${encodeURIComponent(key)}`;
  return await (await visit(path, { headers: { Cookie: tab.cookie } })).json();
}

const EMPTY_SHELF = [0, 0, [], false, [], true];
const FULL_SHELF = [0, 1, ["a"], true, [["sky", "blue"]], false];

// Each step evicts an object, which takes its time.
const FEW = { numRuns: 6 };

describe.each(LAWS)("a $kind, through evictions,", (law) => {
  const steps = fc.array(law.steps, { minLength: 4, maxLength: 8 });

  it("agrees with a model in plain memory when it is the session's", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const tab = await Tab.open();
        const session = await sessionOf(tab);
        const model = law.model();
        for (const step of steps) {
          stepped.length = 0;
          expect((await tab.call("Shelf#step", { args: [law.kind, step] })).outcome).toBe("nothing");
          expect(stepped).toEqual([take(law, model, step), Reflect.get(model, "value")]);
          await evictDurableObject(session);
        }
        tab.socket.close();
      }),
      FEW,
    );
  });

  it("agrees with it when it is a key's", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const key = newKey();
        const model = law.model();
        for (const step of steps) {
          const structure = declare(structuresOf(key), law, "it");
          expect(await take(law, structure, step)).toEqual(take(law, model, step));
          await evictDurableObject(objectOf(key));
          expect(await Reflect.get(structure, "value")).toEqual(Reflect.get(model, "value"));
        }
      }),
      FEW,
    );
  });
});

describe("a reflex that changes five structures of its session", () => {
  it("commits them together, in the one row of its call", async () => {
    const tab = await Tab.open();
    const session = await sessionOf(tab);
    const written: unknown[] = [];
    await runInDurableObject(session, (_, { storage }) => {
      const put = storage.kv.put.bind(storage.kv);
      vi.spyOn(storage.kv, "put").mockImplementation((key, value) => {
        written.push(key);
        put(key, value);
      });
    });
    await tab.call("Shelf#changeFive");
    await runInDurableObject(session, () => vi.restoreAllMocks());
    expect(written).toEqual(["session"]);
    await evictDurableObject(session);
    expect(await shelfOf(tab)).toEqual(FULL_SHELF);
  });

  it.each(["Shelf#changeFiveThenThrow", "Shelf#changeFiveThenBreakThePage"])(
    "leaves none of them when it fails: %s",
    async (target) => {
      const tab = await Tab.open();
      expect((await tab.call(target)).outcome).toMatch(/-failed$/);
      expect(await shelfOf(tab)).toEqual(EMPTY_SHELF);
    },
  );
});

describe("a structure of a key", () => {
  it("is shared by all sessions, and by code outside of them", async () => {
    const key = newKey();
    const tabs = await Promise.all([Tab.open(), Tab.open()]);
    for (const tab of tabs) await tab.call("Shelf#countForKey", { args: [key, 2] });
    expect(await structuresOf(key).counter("clicks").increment(10)).toBe(14);
    expect(await shelfOf(tabs[0], key)).toEqual([14, ...EMPTY_SHELF.slice(1)]);
    expect(await structuresOf(newKey()).counter("clicks").value).toBe(0);
  });

  it("is changed at once, whatever becomes of the reflex", async () => {
    const key = newKey();
    const tab = await Tab.open();
    expect((await tab.call("Shelf#countForKeyThenThrow", { args: [key] })).outcome).toBe("reflex-failed");
    expect(await structuresOf(key).counter("clicks").value).toBe(1);
  });

  it("counts exactly what twenty sessions count at once", async () => {
    const key = newKey();
    const tabs = await Promise.all(Array.from({ length: 20 }, () => Tab.open()));
    await Promise.all(tabs.map((tab) => tab.call("Shelf#countForKey", { args: [key, 25] })));
    expect(await structuresOf(key).counter("clicks").value).toBe(500);
  });

  it("lets one in where there is one slot, and the next when that is done", async () => {
    const slot = structuresOf(newKey()).slot("job");
    const tries = await Promise.all(Array.from({ length: 8 }, () => slot.reserve()));
    expect(tries.filter((isIn) => isIn)).toHaveLength(1);
    await slot.release();
    let inside = 0;
    const works = Array.from({ length: 8 }, () =>
      slot.reserve(async () => {
        inside += 1;
        expect(inside).toBe(1);
        await slot.available;
        inside -= 1;
      }),
    );
    expect((await Promise.all(works)).filter((isIn) => isIn).length).toBeGreaterThan(0);
    expect(await slot.available).toBe(true);
  });

  it("refuses with the class, the code and the message of its error, over the way between objects", async () => {
    const structures = structuresOf(newKey());
    await structures.list("it").append("a");
    const refused = structures.counter("it").increment();
    await expect(refused).rejects.toBeInstanceOf(StructureError);
    await expect(refused).rejects.toMatchObject({
      name: "StructureError",
      code: "structure-kind",
      structure: "it",
      message: expect.stringMatching(
        /^Structure "it" is a list and was asked as a counter; take another name/,
      ),
    });
  });

  it("refuses what JSON cannot write, also what could be sent", async () => {
    const key = newKey();
    for (const value of [new Date(0), new Map(), () => 1, Symbol("s"), 1n])
      await expect(structuresOf(key).json<unknown>("it").set(value)).rejects.toBeInstanceOf(StructureError);
    expect(await structuresOf(key).json("it").assigned).toBe(false);
  });

  it("goes with everything else of its key when that is cleared", async () => {
    const key = newKey();
    await structuresOf(key).counter("clicks").increment();
    await structuresOf(key).flag("seen").mark({ expiresIn: 60_000 });
    await structuresOf(key).clear();
    const left = await runInDurableObject(objectOf(key), async (_, { storage }) => [
      await storage.getAlarm(),
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'structures'").toArray(),
    ]);
    expect(left).toEqual([null, []]);
    expect(await structuresOf(key).counter("clicks").increment()).toBe(1);
  });
});

describe("an application that exports no object for keys", () => {
  it("is told what to export and to declare, when it uses one", () => {
    const bare = createReflex({ app: new Hono(), reflexes: {} });
    const ctx = { exports: {} } as unknown as ExecutionContext;
    expect(() => bare.structures(ctx).for("key")).toThrow(
      /no Durable Object class StructuresObject. Export it .*\[exports.StructuresObject\] type = "durable-object"/,
    );
  });
});

/** A storage that counts the rows it writes: those of the database, and each alarm that is set. */
function counting(storage: DurableObjectStorage): { storage: DurableObjectStorage; written: number[] } {
  const written: number[] = [];
  const counted = {
    sql: {
      exec(query: string, ...binds: SqlStorageValue[]) {
        const cursor = storage.sql.exec(query, ...binds);
        const rows = cursor.toArray();
        written.push(cursor.rowsWritten);
        return { toArray: () => rows };
      },
    },
    getAlarm: () => storage.getAlarm(),
    setAlarm(at: number) {
      written.push(1);
      return storage.setAlarm(at);
    },
    deleteAll: () => storage.deleteAll(),
  };
  // What a store uses of it.
  return { storage: counted as unknown as DurableObjectStorage, written };
}

/** A store of an object of its own, with what it writes, and its clock. */
async function withStore<Result>(
  run: (place: {
    store: StructuresStore;
    /** Rows written since they were asked for last. */
    rows: () => number;
    storage: DurableObjectStorage;
  }) => Promise<Result>,
): Promise<Result> {
  return await runInDurableObject(objectOf(newKey()), async (_, { storage }) => {
    const counted = counting(storage);
    const store = new StructuresStore(counted.storage);
    await store.prepare();
    const rows = () => counted.written.splice(0).reduce((sum, count) => sum + count, 0);
    return await run({ store, rows, storage });
  });
}

/** Asks the structure of a store's cell, as its object does. */
function ask(cell: Cell, kind: string, member: string, ...args: unknown[]): unknown {
  const reply = answer({ kind, name: cell.name, options: {}, member, args, isWatched: false }, cell);
  if (reply.kind === "refused") throw new StructureError(reply.code, reply.name, reply.message);
  return reply.result;
}

describe("what a key's object stores", () => {
  it("is one row for each change, and none for what is read or changes nothing", async () => {
    await withStore(async ({ store, rows }) => {
      const cell = store.cell("it", Date.now);
      ask(cell, "set", "value");
      expect(rows()).toBe(0);
      ask(cell, "set", "add", "a");
      // The first change of a key makes its table.
      rows();
      const counts = [
        ["add", "b"],
        ["add", "b"],
        ["value"],
        ["include", "b"],
        ["take"],
        ["remove", "x"],
        ["clear"],
        ["clear"],
      ].map(([member = "", ...args]) => {
        ask(cell, "set", member, ...args);
        return rows();
      });
      expect(counts).toEqual([1, 0, 0, 0, 1, 0, 1, 0]);
    });
  });

  it("sets its alarm with the first end, and not again for ends that are put off", async () => {
    await withStore(async ({ store, rows, storage }) => {
      let now = Date.now();
      const start = now;
      const cell = store.cell("it", () => now);
      ask(
        store.cell("other", () => now),
        "counter",
        "increment",
      );
      rows();
      ask(cell, "flag", "mark", { expiresIn: 60_000 });
      expect(rows()).toBe(2);
      for (let time = 0; time < 5; time += 1) {
        now += 1000;
        ask(cell, "flag", "mark", { expiresIn: 60_000 });
        expect(rows()).toBe(1);
      }
      ask(cell, "flag", "mark", { expiresIn: 10_000 });
      expect(rows()).toBe(2);
      expect(await storage.getAlarm()).toBe(start + 15_000);
    });
  });

  it("goes when its end has come, and what is left rings for itself; with the last, everything", async () => {
    await withStore(async ({ store, storage }) => {
      let now = Date.now() + 3_600_000;
      const mark = (name: string, expiresIn: number) =>
        ask(
          store.cell(name, () => now),
          "flag",
          "mark",
          { expiresIn },
        );
      mark("first", 1_000);
      mark("second", 5_000);
      const start = now;
      const names = () =>
        storage.sql
          .exec("SELECT name FROM structures")
          .toArray()
          .map(({ name }) => name);
      now += 1_000;
      await store.sweep(now);
      expect([names(), await storage.getAlarm()]).toEqual([["second"], start + 5_000]);
      mark("second", 9_000);
      now = start + 5_000;
      await store.sweep(now);
      expect([names(), await storage.getAlarm()]).toEqual([["second"], start + 10_000]);
      await store.sweep(start + 10_000);
      const tables = storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'structures'").toArray();
      expect([tables, await storage.getAlarm()]).toEqual([[], null]);
      expect(
        ask(
          store.cell("first", () => now),
          "flag",
          "marked",
        ),
      ).toBe(false);
      mark("first", 1_000);
      expect(await storage.getAlarm()).toBe(start + 6_000);
    });
  });

  it("is swept when the object's alarm rings, also when it has slept since", async () => {
    const key = newKey();
    await structuresOf(key).flag("seen").mark({ expiresIn: 1 });
    await evictDurableObject(objectOf(key));
    await runDurableObjectAlarm(objectOf(key));
    await vi.waitFor(async () => expect(await structuresOf(key).flag("seen").marked).toBe(false));
    await runInDurableObject(objectOf(key), async (object) => await object.alarm());
    const count = await runInDurableObject(
      objectOf(key),
      (_, { storage }) =>
        storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'structures'").toArray().length,
    );
    expect(count).toBe(0);
  });

  it("finds the alarm that is set after it has slept, and does not set it again", async () => {
    await withStore(async ({ store, rows, storage }) => {
      const now = Date.now();
      ask(
        store.cell("it", () => now),
        "flag",
        "mark",
        { expiresIn: 60_000 },
      );
      rows();
      const counted = counting(storage);
      const awake = new StructuresStore(counted.storage);
      await awake.prepare();
      ask(
        awake.cell("it", () => now),
        "flag",
        "mark",
        { expiresIn: 60_001 },
      );
      expect(counted.written.filter((count) => count > 0)).toEqual([1]);
    });
  });

  it("finds out that the platform has lost its alarm, and has it ring at once", async () => {
    await withStore(async ({ store, storage }) => {
      // Far ahead, so that no alarm rings by itself.
      let now = Date.now() + 86_400_000;
      const mark = (name: string) =>
        ask(
          store.cell(name, () => now),
          "flag",
          "mark",
          { expiresIn: 60_000 },
        );
      mark("first");
      await storage.deleteAlarm();
      now += 60_000 + LIMITS.lateAlarmMs;
      mark("second");
      expect(await storage.getAlarm()).toBeNull();
      now += 1;
      mark("third");
      expect(await storage.getAlarm()).toBe(now);
      await store.sweep(now);
      expect(await storage.getAlarm()).toBe(now - 1 + 60_000);
    });
  });

  it("has room for so many structures of a key, and says so to the next", async () => {
    await withStore(async ({ store }) => {
      const max = LIMITS.keyedStructures;
      for (let index = 0; index < max; index += 1)
        ask(store.cell(`n${index}`, Date.now), "counter", "increment");
      const next = store.cell("next", Date.now);
      expect(() => ask(next, "counter", "increment")).toThrow(
        /"next" is one too many: its key has 1000, and may have/,
      );
      expect(ask(store.cell("n7", Date.now), "counter", "increment")).toBe(2);
      ask(store.cell("n7", Date.now), "counter", "reset");
      expect(ask(next, "counter", "increment")).toBe(1);
    });
  });

  it("takes a structure up to its limit in bytes, and nothing of one over it", async () => {
    await withStore(async ({ store, rows }) => {
      const cell = store.cell("it", Date.now);
      // Three bytes each, beside the brackets, quotes and kind around them.
      const room = LIMITS.keyedStructureBytes - 13;
      const fitting = "€".repeat(Math.floor(room / 3)) + "x".repeat(room % 3);
      ask(cell, "string", "set", fitting);
      rows();
      expect(() => ask(cell, "string", "set", `${fitting}x`)).toThrow(
        /Structure "it" would take 1996001 bytes; expected at most 1996000/,
      );
      expect([rows(), ask(cell, "string", "value") === fitting]).toEqual([0, true]);
    });
  });
});
