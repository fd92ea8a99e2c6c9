import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { newTopic, rootOf, settled, titlesOf } from "../support/topic-tabs.ts";
import worker from "../support/worker.ts";
import { workerContext } from "../support/worker-context.ts";

const objectOf = (node: string) => exports.TopicObject.getByName(node);

/** Has the pages of a topic take a title, from outside of all sessions. */
async function say(topic: string, title: string): Promise<void> {
  await worker.cable(workerContext(), topic).setTitle({ title }).broadcast();
}

/** Ends an object as a crash would. */
async function crash(node: string): Promise<void> {
  await runInDurableObject(objectOf(node), (_, ctx) => ctx.abort("crash")).catch(() => {});
}

/** Fills the root with sessions that are not there. */
async function fill(topic: string): Promise<void> {
  const names = Array.from({ length: LIMITS.nodeSubscribers }, (_, at) => `nobody ${at}`);
  const answers = names.map((name) => rootOf(topic).subscribe({ subscriber: { kind: "session", name } }));
  for (const { kind } of await Promise.all(answers)) expect(kind).toBe("subscribed");
}

describe("a topic's object", () => {
  it("knows after a sleep and after a crash who subscribes", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    await evictDurableObject(objectOf(topic));
    await say(topic, "slept");
    await crash(topic);
    await say(topic, "crashed");
    await tab.until(() => titlesOf(tab).length === 2);
    expect(titlesOf(tab)).toEqual(["slept", "crashed"]);
  });

  it("tells what it has stored when its alarm rings behind a crash, and nothing twice", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    await runInDurableObject(objectOf(topic), async (object, ctx) => {
      // What is sent waits for the storage: the object ends before its subscribers hear of it, or just after.
      const operations = [{ operation: "setTitle", title: "once" }];
      await (object as unknown as ReturnType<typeof rootOf>).publish([
        { published: { kind: "operations", operations } },
      ]);
      await ctx.storage.sync();
      ctx.abort("crash");
    }).catch(() => {});
    expect(await runDurableObjectAlarm(objectOf(topic))).toBe(true);
    await tab.until(() => titlesOf(tab).length > 0);
    await say(topic, "behind");
    await tab.until(() => titlesOf(tab).includes("behind"));
    expect(titlesOf(tab)).toEqual(["once", "behind"]);
  });

  it("has an alarm within seconds for what it publishes, and for the next round when all were told", async () => {
    const topic = newTopic();
    await settled("ada", [topic]);
    const alarmIn = () =>
      runInDurableObject(
        objectOf(topic),
        async (_, { storage }) => ((await storage.getAlarm()) ?? 0) - Date.now(),
      );
    expect(await alarmIn()).toBeGreaterThan(LIMITS.redeliverMs);
    await say(topic, "soon");
    expect(await alarmIn()).toBeLessThanOrEqual(LIMITS.redeliverMs);
    await vi.waitUntil(
      async () => {
        await runDurableObjectAlarm(objectOf(topic));
        return (await alarmIn()) > LIMITS.redeliverMs;
      },
      { timeout: 20_000, interval: 500 },
    );
  }, 30_000);

  it("refuses what comes too fast, with a message that says the limit", async () => {
    const topic = newTopic();
    await settled("ada", [topic]);
    // Of one message, as many as half a minute takes.
    const many = Array.from({ length: 30 * LIMITS.publicationsPerSecond }, () => ({
      published: { kind: "operations", operations: [] } as const,
    }));
    expect((await rootOf(topic).publish(many)).kind).toBe("published");
    await expect(say(topic, "one more")).rejects.toMatchObject({
      name: "TopicError",
      code: "topic-rate",
      message: expect.stringContaining(`${LIMITS.publicationsPerSecond} publications a second`),
    });
    await expect(worker.touch(workerContext(), topic)).resolves.toBeUndefined();
  });

  it("rejects what is too large, and stores nothing of it", async () => {
    const topic = newTopic();
    await settled("ada", [topic]);
    const operations = [{ operation: "setTitle", title: "x".repeat(LIMITS.publicationChars) }];
    const touch = { published: { kind: "touch" } as const };
    // In the object: a remote call that rejects is reported as an error of the test's own.
    await runInDurableObject(objectOf(topic), async (object) => {
      const root = object as unknown as ReturnType<typeof rootOf>;
      await expect(root.publish([touch, { published: { kind: "operations", operations } }])).rejects.toThrow(
        /takes 100\d+ characters; expected at most 100000/,
      );
    });
    expect(await rootOf(topic).publish([])).toMatchObject({ position: { seq: 0 } });
  });
});

describe("a topic that is full", () => {
  it("sends further sessions to a relay, which passes on what is published, through its own crash too", async () => {
    const topic = newTopic();
    await fill(topic);
    const tab = await settled("ada", [topic]);
    const relay = `${topic}#any0`;
    const rows = () =>
      runInDurableObject(objectOf(relay), (_, { storage }) =>
        storage.sql
          .exec("SELECT key FROM node ORDER BY key")
          .toArray()
          .map(({ key }) => String(key)),
      );
    expect(await rows()).toEqual(["head", expect.stringContaining("subscriber:session:")]);
    await say(topic, "first");
    await tab.until(() => titlesOf(tab).length === 1);
    await crash(relay);
    await say(topic, "second");
    await tab.until(() => titlesOf(tab).length === 2);
    await evictDurableObject(objectOf(relay));
    await say(topic, "third");
    await tab.until(() => titlesOf(tab).length === 3);
    expect(titlesOf(tab)).toEqual(["first", "second", "third"]);
    // Nobody was there: the root has room again.
    expect(await rootOf(topic).attest(topic)).toBeLessThan(LIMITS.nodeSubscribers);
  }, 60_000);

  it("tells a tab that comes back to its relay what it has missed", async () => {
    const topic = newTopic();
    await fill(topic);
    const tab = await settled("ada", [topic]);
    const { position } = (await rootOf(topic).publish([])) as {
      readonly position: { epoch: string; seq: number };
    };
    await say(topic, "first");
    await tab.until(() => titlesOf(tab).length === 1);
    await crash(`${topic}#any0`);
    const missed = await rootOf(`${topic}#any0`).since(position);
    expect(missed.items?.map(({ seq }) => seq)).toEqual([position.seq + 1]);
  }, 60_000);
});
