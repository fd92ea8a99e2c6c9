import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TopicStore } from "../../durable-objects/topic-store.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { NodeStore, StoredPublication } from "../../src/topics/node-store.ts";
import type { NodeSurroundings } from "../../src/topics/node-surroundings.ts";
import type { SubscriberName } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";

/** Runs in an object whose storage is empty. */
async function inObject<Result>(run: (storage: DurableObjectStorage) => Result): Promise<Result> {
  const stub = exports.TopicObject.getByName(crypto.randomUUID());
  return await runInDurableObject(stub, (_, { storage }) => run(storage));
}

/** A storage that counts rows: those of SQLite, and alarms that are set. */
function counting(storage: DurableObjectStorage) {
  const counts = { written: 0 };
  const exec = (query: string, ...binds: SqlStorageValue[]) => {
    const cursor = storage.sql.exec(query, ...binds);
    const rows = cursor.toArray();
    counts.written += cursor.rowsWritten;
    return { toArray: () => rows };
  };
  const setAlarm = async (at: number) => {
    counts.written += 1;
    await storage.setAlarm(at);
  };
  const counted = {
    sql: { exec },
    setAlarm,
    getAlarm: () => storage.getAlarm(),
    deleteAll: () => storage.deleteAll(),
  };
  // What a store uses of it.
  return { storage: counted as unknown as DurableObjectStorage, counts };
}

/** Surroundings in which every subscriber takes what it is told, at a time that a test sets. */
function calm(clock: { now: number }) {
  const told: number[] = [];
  const subscriber = {
    deliver: async ({ to }: { readonly to: number }) => {
      told.push(to);
      return "here" as const;
    },
    attest: async () => 0,
  };
  const surroundings: NodeSurroundings = {
    now: () => clock.now,
    random: () => 0.5,
    later: () => () => {},
    subscriberAt: () => subscriber,
    nodeAt: () => {
      throw new Error("A root asks no other node");
    },
    log: () => {},
    bounds: { subscribers: LIMITS.nodeSubscribers, relays: LIMITS.nodeRelays },
  };
  return { surroundings, told };
}

const NAME: fc.Arbitrary<SubscriberName> = fc.record({
  kind: fc.constantFrom("session" as const, "relay" as const),
  name: fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom("a", ":", "#", ";", "é") }),
});
const PUBLISHER = fc.string({
  minLength: 1,
  maxLength: 2,
  unit: fc.constantFrom("a", ":", ";", "\u{10ffff}"),
});
const STEP = fc.oneof(
  fc.record({
    subscriber: NAME,
    away: fc.option(fc.record({ since: fc.nat(), told: fc.nat() }), { nil: undefined }),
  }),
  fc.record({ remove: NAME }),
  fc.record({ publisher: PUBLISHER, number: fc.nat(), at: fc.nat(100) }),
  fc.record({ forget: fc.nat(100) }),
  fc.record({ seq: fc.integer({ min: 1, max: 300 }), settled: fc.nat() }),
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

function take(store: NodeStore, step: Step): void {
  if ("subscriber" in step)
    store.writeSubscriber({ name: step.subscriber, ...(step.away && { away: step.away }) });
  else if ("remove" in step) store.removeSubscriber(step.remove);
  else if ("publisher" in step) store.writeNumber(step.publisher, step.number, step.at);
  else if ("forget" in step) store.forgetNumbers(step.forget, 100);
  else store.writePublication({ seq: step.seq, settled: step.settled, published: { kind: "touch" } });
}

/** What a store holds, in an order that says nothing. */
function contents(store: NodeStore) {
  const byText = (one: unknown, other: unknown) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1);
  const numbers = ["a", ":", ";", "aa", "a:", "\u{10ffff}"].map((publisher) => store.lastNumber(publisher));
  return { subscribers: [...store.subscribers()].sort(byText), publications: store.publications(), numbers };
}

describe("a topic's store", () => {
  it("is what its model in memory is, whatever the names", async () => {
    await inObject((storage) =>
      fc.assert(
        fc.property(fc.array(STEP, { maxLength: 30, size: "max" }), (steps) => {
          storage.sql.exec("DROP TABLE IF EXISTS node");
          const [stored, model] = [new TopicStore(storage, "t"), new MemoryNodeStore()];
          for (const step of steps) {
            take(stored, step);
            take(model, step);
          }
          expect(contents(stored)).toEqual(contents(model));
          expect(contents(new TopicStore(storage, "t"))).toEqual(contents(model));
        }),
      ),
    );
  });

  it("forgets the oldest numbers of publishers first", async () => {
    await inObject((storage) => {
      const store = new TopicStore(storage, "t");
      for (let at = 0; at < 10; at += 1) store.writeNumber(`publisher ${at}`, 1, at);
      store.forgetNumbers(2, 5);
      const left = Array.from({ length: 10 }, (_, at) => store.lastNumber(`publisher ${at}`) ?? 0);
      expect(left).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    });
  });

  it("leaves nothing in an object that was only asked", async () => {
    await inObject(async (storage) => {
      const store = new TopicStore(storage, "t");
      await store.prepare();
      expect([store.head(), store.subscribers(), store.publications(), store.alarmAt]).toEqual([
        undefined,
        [],
        [],
        null,
      ]);
      store.removeSubscriber({ kind: "session", name: "a" });
      expect(storage.sql.exec("SELECT * FROM sqlite_master WHERE name = 'node'").toArray()).toEqual([]);
    });
  });
});

describe("the rows that a topic writes", () => {
  it("are none while nobody subscribes, few for a subscription, and one for a publication", async () => {
    await inObject(async (real) => {
      const { storage, counts } = counting(real);
      const store = new TopicStore(storage, "t");
      await store.prepare();
      const clock = { now: Date.now() };
      const { surroundings, told } = calm(clock);
      const node = new TreeNode("topic", store, surroundings, false);
      const rowsOf = async (run: () => Promise<unknown>) => {
        const before = counts.written;
        await run();
        await scheduler.wait(0);
        return counts.written - before;
      };
      let number = 0;
      const publish = () => {
        number += 1;
        return node.publish([{ id: { publisher: "a", number }, published: { kind: "touch" } }]);
      };
      const subscribe = (name: string) => node.subscribe({ subscriber: { kind: "session", name } });
      expect(await rowsOf(publish)).toBe(0);
      // The table, what the node is, the subscriber, and the alarm for the first round.
      expect(await rowsOf(() => subscribe("first"))).toBeLessThanOrEqual(5);
      expect(await rowsOf(() => subscribe("second"))).toBe(1);
      expect(await rowsOf(() => subscribe("second"))).toBe(0);
      // With the alarm that makes sure.
      expect(await rowsOf(publish)).toBe(2);
      for (let time = 0; time < 200; time += 1) expect(await rowsOf(publish)).toBe(1);
      expect(told).toHaveLength(2 * 201);
      expect(await rowsOf(() => node.unsubscribe({ kind: "session", name: "second" }))).toBe(1);
    });
  });

  it("are as many as a publisher's last publications when those are moved on: one for each publisher, none for touches", async () => {
    await inObject(async (real) => {
      const { storage, counts } = counting(real);
      const store = new TopicStore(storage, "t");
      const { surroundings } = calm({ now: Date.now() });
      await store.prepare();
      const node = new TreeNode("topic", store, surroundings, false);
      await node.subscribe({ subscriber: { kind: "session", name: "a" } });
      const publish = async (kind: "touch" | "operations", publisher: string, number: number) => {
        const published = kind === "touch" ? { kind } : { kind, operations: [] };
        return await node.publish([{ id: { publisher, number }, published }]);
      };
      for (let number = 1; number <= 3; number += 1) await publish("operations", "busy", number);
      for (let at = 0; at < LIMITS.keptPublications; at += 1) await publish("touch", `visitor ${at}`, 1);
      const before = counts.written;
      for (let at = 0; at < 2 * LIMITS.keptPublications; at += 1) await publish("touch", "busy", 4 + at);
      expect(counts.written - before).toBe(2 * LIMITS.keptPublications);
      expect(store.lastNumber("busy")).toBe(3);
      const { position } = (await publish("operations", "busy", 2)) as { readonly position: unknown };
      expect(((await publish("operations", "busy", 3)) as { readonly position: unknown }).position).toEqual(
        position,
      );
    });
  });

  it("are all gone when nobody subscribes and nothing is published for a lease", async () => {
    await inObject(async (storage) => {
      const store = new TopicStore(storage, "t");
      const clock = { now: Date.now() };
      await store.prepare();
      const node = new TreeNode("topic", store, calm(clock).surroundings, false);
      await node.subscribe({ subscriber: { kind: "session", name: "a" } });
      await node.publish([{ published: { kind: "touch" } }]);
      await node.unsubscribe({ kind: "session", name: "a" });
      for (let round = 0; round < 2; round += 1) {
        clock.now += LIMITS.leaseMs;
        store.rang();
        await node.ring();
      }
      expect(storage.sql.exec("SELECT * FROM sqlite_master WHERE name = 'node'").toArray()).toEqual([]);
      expect(await storage.getAlarm()).toBeNull();
    });
  });
});

describe("what a root has stored", () => {
  it("is there again after a restart: who subscribes, what was published, and whose copies are none", async () => {
    await inObject(async (storage) => {
      const clock = { now: Date.now() };
      const begin = async () => {
        const store = new TopicStore(storage, "t");
        await store.prepare();
        const { surroundings, told } = calm(clock);
        return { node: new TreeNode("topic", store, surroundings, false), told };
      };
      const first = await begin();
      const { position } = (await first.node.subscribe({ subscriber: { kind: "session", name: "a" } })) as {
        readonly position: { readonly epoch: string; readonly seq: number };
      };
      const one: Omit<StoredPublication, "seq" | "settled"> = {
        id: { publisher: "p", number: 7 },
        published: { kind: "operations", operations: [{ operation: "setTitle", title: "x" }] },
      };
      await first.node.publish([one, one]);
      const second = await begin();
      await second.node.publish([one]);
      await scheduler.wait(0);
      expect(await second.node.since(position)).toEqual({
        topic: "topic",
        node: "topic",
        epoch: position.epoch,
        from: 0,
        to: 1,
        items: [{ seq: 1, published: one.published }],
      });
      // Nobody knows whether it was told before the restart.
      expect(second.told).toEqual([1]);
    });
  });
});
