import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { StoredPresence } from "../../durable-objects/presence-store.ts";
import { StoredSession } from "../../durable-objects/session-store.ts";
import { TopicStore } from "../../durable-objects/topic-store.ts";
import { newTabId } from "../support/tab.ts";
import { forgetOtherTests, newTopic, placesOf, rootOf, settled, titlesOf } from "../support/topic-tabs.ts";
import { logged } from "../support/worker.ts";

beforeEach(forgetOtherTests);

/**
 * An object of that name which is not told it, whoever calls it by that: as its alarm wakes it where only its id is kept.
 *
 * @param store what an earlier life of it, which was told, has stored
 */
async function wakeWithoutName(
  namespace: Pick<DurableObjectNamespace, "get" | "idFromName" | "idFromString">,
  name: string,
  store: (storage: DurableObjectStorage) => unknown = () => {},
): Promise<void> {
  const nameless = namespace.get(namespace.idFromString(namespace.idFromName(name).toString()));
  await runInDurableObject(nameless, async (_, { id, storage }) => {
    expect(id.name).toBeUndefined();
    await store(storage);
  });
  await evictDurableObject(nameless);
  expect(await runInDurableObject(nameless, (_, { id }) => id.name)).toBeUndefined();
}

function say(topic: string, title: string): Promise<unknown> {
  const operations = [{ operation: "setTitle", title }];
  return rootOf(topic).publish([{ published: { kind: "operations", operations } }]);
}

describe("a node of a topic that was woken without its name", () => {
  it("goes on under the name that it has stored, and loses nobody", async () => {
    const topic = newTopic();
    const subscriber = { kind: "session", name: "nobody" } as const;
    await wakeWithoutName(exports.TopicObject, topic, (storage) => {
      const store = new TopicStore(storage, topic);
      store.writeHead({ epoch: "1", roundAt: Date.now() + 60_000, quietRounds: 0, relays: {}, settled: 0 });
      store.writeSubscriber({ name: subscriber });
    });
    const tab = await settled("ada", [topic]);
    await say(topic, "woken");
    await tab.until(() => titlesOf(tab).length > 0);
    expect([placesOf(tab, topic)[0], logged]).toEqual(["1.0", []]);
    // The one that was stored was called too: it has said that it rests on nothing, and is gone.
    await vi.waitFor(async () => expect(await exports.TopicObject.getByName(topic).attest()).toBe(1));
  });

  it("knows its name when it has stored no more than who is present", async () => {
    const topic = newTopic();
    const number = Date.now();
    await wakeWithoutName(exports.TopicObject, topic, (storage) => {
      new TopicStore(storage, topic).setAlarm(number + 60_000);
      const present = { session: "ada", id: "1", tabs: 1, meta: "{}", number };
      new StoredPresence(storage).put({ ...present, since: number, fewer: null, due: null });
    });
    const node = exports.TopicObject.getByName(topic);
    expect(await node.roster()).toMatchObject({ kind: "roster", count: 1 });
  });

  it("refuses what it is called for when nothing says its name", async () => {
    const topic = newTopic();
    await wakeWithoutName(exports.TopicObject, topic);
    // In the object: a remote call that rejects is reported as an error of the test's own.
    await runInDurableObject(exports.TopicObject.getByName(topic), async (object, { id }) => {
      const root = object as unknown as ReturnType<typeof rootOf>;
      await expect(root.publish([])).rejects.toThrow(
        `was reached by its id ${id}, and has stored no name; expected to be found by its name`,
      );
    });
  });
});

describe("a session that was woken without its name", () => {
  it("is called in its pages as before", async () => {
    const name = newTabId();
    await wakeWithoutName(exports.SessionObject, name, (storage) => {
      new StoredSession(storage, { name, expiresInMs: 60_000, now: Date.now }).commit(
        new Map([["count", 1]]),
      );
    });
    const page = await exports.SessionObject.getByName(name).fetch(new Request("https://site.example/id"));
    expect(await page.text()).toBe(name);
  });

  it("knows its name as long as it lives when what it has stored goes", async () => {
    await runInDurableObject(exports.SessionObject.getByName(newTabId()), async (_, { storage }) => {
      const life = { expiresInMs: 60_000, now: Date.now };
      new StoredSession(storage, { ...life, name: "ada" }).commit(new Map([["count", 1]]));
      const nameless = new StoredSession(storage, life);
      expect(nameless.name).toBe("ada");
      await nameless.end();
      nameless.commit(new Map([["count", 2]]));
      expect(new StoredSession(storage, life).name).toBe("ada");
    });
  });
});
