import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { OUTBOX_KEY, type Outbox } from "../../src/topics/outbox.ts";
import type { Publication } from "../../src/topics/topic-messages.ts";
import { objectOf, Tab, visit } from "../support/tab.ts";
import {
  forgetOtherTests,
  forgetRests,
  newsOf,
  newTopic,
  quiet,
  rest,
  settled,
  shows,
  titlesOf,
} from "../support/topic-tabs.ts";
import { rests, talking } from "../support/topics-site.ts";
import { logged } from "../support/worker.ts";

beforeEach(forgetOtherTests);

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a session stores of what it has published. */
async function outboxOf(tab: Tab): Promise<Outbox | undefined> {
  return await runInDurableObject(await objectOf(tab), (_, { storage }) => {
    const row = storage.kv.get<{ values: ReadonlyMap<string, unknown> }>("session");
    return (row?.values.get(OUTBOX_KEY) ?? storage.kv.get(`session:${OUTBOX_KEY}`)) as Outbox | undefined;
  });
}

/** The publications of a session that its topics are asked for, from now on; `answer`: what becomes of each. */
async function publishing(
  tab: Tab,
  answer: (publications: readonly Publication[]) => unknown,
): Promise<Publication[]> {
  const asked: Publication[] = [];
  await runInDurableObject(await objectOf(tab), (object) => {
    const { runtime } = Reflect.get(object, "surroundings");
    const topicAt = runtime.topicAt.bind(runtime);
    vi.spyOn(runtime, "topicAt").mockImplementation((...given: unknown[]) => {
      const node = topicAt(...given);
      return new Proxy(node, {
        get: (_, name) =>
          name === "publish"
            ? async (publications: readonly Publication[]) => {
                asked.push(...publications);
                return (await answer(publications)) ?? (await node.publish(publications));
              }
            : (...args: unknown[]) => node[name](...args),
      });
    });
  });
  return asked;
}

/** The rows that are written while something is done, and the times that the alarm is set. */
async function rowsDuring(tab: Tab, act: () => Promise<unknown>): Promise<readonly string[]> {
  const written: string[] = [];
  const object = await objectOf(tab);
  await runInDurableObject(object, (_, { storage }) => {
    const put = storage.kv.put.bind(storage.kv);
    const setAlarm = storage.setAlarm.bind(storage);
    vi.spyOn(storage.kv, "put").mockImplementation((...[key, value]: unknown[]) => {
      written.push(String(key));
      put(String(key), value);
    });
    vi.spyOn(storage, "setAlarm").mockImplementation(async (at) => {
      written.push("alarm");
      await setAlarm(at);
    });
  });
  await act();
  await runInDurableObject(object, () => vi.restoreAllMocks());
  return written;
}

/** Ends the object of a session where it is, without a word. */
async function kill(object: DurableObjectStub): Promise<void> {
  await runInDurableObject(object, (_, context) => context.abort("a test")).catch(() => undefined);
}

const failing = () => {
  throw new Error("The topic cannot be reached");
};

describe("what a session has published", () => {
  it("costs a row with its call, an alarm in ten seconds at most, and none to be taken out with the next call", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    await tab.call("Talker#count");
    expect(await rowsDuring(tab, () => tab.call("Talker#say", { args: [topic, "one"] }))).toEqual([
      "session",
      "alarm",
    ]);
    await tab.until(() => titlesOf(tab).length === 1);
    expect((await outboxOf(tab))?.waiting).toHaveLength(1);
    expect(
      await rowsDuring(tab, async () => {
        for (let count = 2; count < 12; count += 1) {
          await tab.call("Talker#say", { args: [topic, `title ${count}`] });
          await tab.until(() => titlesOf(tab).length === count);
        }
      }),
    ).toEqual(Array(10).fill("session"));
    expect((await outboxOf(tab))?.waiting).toHaveLength(1);
    expect(await rowsDuring(tab, () => tab.call("Talker#count"))).toEqual(["session"]);
    expect(await outboxOf(tab)).toMatchObject({ last: 11, waiting: [] });
  });

  it("is taken out by the alarm where no call comes, with the row that this writes anyway", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    await tab.call("Talker#say", { args: [topic, "one"] });
    await tab.until(() => titlesOf(tab).length === 1);
    const object = await objectOf(tab);
    const written = await rowsDuring(tab, () => runDurableObjectAlarm(object));
    // The alarm is set once more: for the end of the session.
    expect(written).toEqual(["session", "alarm"]);
    expect(await outboxOf(tab)).toMatchObject({ last: 1, waiting: [] });
  });

  it.each([
    ["after a crash, by whatever wakes the session", (tab: Tab) => quiet(tab)],
    ["after a crash, by its alarm", async (tab: Tab) => runDurableObjectAlarm(await objectOf(tab))],
  ])("is sent when it was committed and its topic was not told: %s", async (_, wake) => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    const asked = await publishing(ada, () => new Promise(() => {}));
    await ada.call("Talker#say", { args: [topic, "one", "two"] });
    expect(asked).toHaveLength(2);
    vi.restoreAllMocks();
    await kill(await objectOf(ada));
    await wake(ada);
    await bob.until(() => titlesOf(bob).length === 2);
    expect(titlesOf(bob)).toEqual(["one", "two"]);
    await runDurableObjectAlarm(await objectOf(ada));
    expect((await outboxOf(ada))?.waiting).toEqual([]);
  });

  it("is published once, though it is sent again because no answer came", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    const object = await objectOf(ada);
    let isFirst = true;
    await runInDurableObject(object, (instance) => {
      const { runtime } = Reflect.get(instance, "surroundings");
      const topicAt = runtime.topicAt.bind(runtime);
      vi.spyOn(runtime, "topicAt").mockImplementation((...given: unknown[]) => {
        const node = topicAt(...given);
        return new Proxy(node, {
          get:
            (_, name) =>
            async (...args: unknown[]) => {
              const answer = await node[name](...args);
              if (name === "publish" && isFirst) {
                isFirst = false;
                throw new Error("The answer was lost");
              }
              return answer;
            },
        });
      });
    });
    await ada.call("Talker#say", { args: [topic, "once"] });
    await ada.call("Talker#say", { args: [topic, "behind"] });
    await bob.until(() => titlesOf(bob).includes("behind"));
    expect([titlesOf(bob), logged.map(({ event, key }) => [event, key])]).toEqual([
      ["once", "behind"],
      [["publish-failed", topic]],
    ]);
  });

  it("waits in its order while its topic cannot be reached, holds up no other topic, and is left to the alarm", async () => {
    const [lost, good] = [newTopic(), newTopic()];
    const [ada, bob] = [await settled("ada", []), await settled("bob", [lost, good])];
    let isLost = true;
    await publishing(ada, ([first]) =>
      isLost && JSON.stringify(first).includes("lost") ? failing() : undefined,
    );
    await ada.call("Talker#say", { args: [lost, "lost 1", "lost 2"] });
    await ada.call("Talker#say", { args: [good, "good"] });
    await ada.call("Talker#say", { args: [lost, "lost 3"] });
    await bob.until(() => titlesOf(bob).length === 1);
    expect(titlesOf(bob)).toEqual(["good"]);
    await vi.waitFor(() => expect(logged.length).toBeGreaterThanOrEqual(4), { timeout: 10_000 });
    isLost = false;
    await runDurableObjectAlarm(await objectOf(ada));
    await bob.until(() => titlesOf(bob).length === 4);
    expect(titlesOf(bob)).toEqual(["good", "lost 1", "lost 2", "lost 3"]);
  }, 15_000);

  it("waits as long as its topic says that takes no more", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", []), await settled("bob", [topic])];
    let refusals = 2;
    const asked = await publishing(ada, () => {
      refusals -= 1;
      return refusals < 0 ? undefined : { kind: "refused", waitMs: 20, message: "too fast" };
    });
    await ada.call("Talker#say", { args: [topic, "slow"] });
    await bob.until(() => titlesOf(bob).length === 1);
    expect([asked.length, logged.map(({ cause }) => String(cause))]).toEqual([
      3,
      ["Error: too fast", "Error: too fast"],
    ]);
  });

  it("comes in the numbers of one life of the session, and of another when it begins anew", async () => {
    const topic = newTopic();
    const ada = await settled("ada", []);
    const asked = await publishing(ada, () => undefined);
    await ada.call("Talker#say", { args: [topic, "one"] });
    await ada.call("Talker#say", { args: [topic, "two", "three"] });
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    const publishers = new Set(asked.map(({ id }) => id?.publisher));
    expect([asked.map(({ id }) => id?.number), publishers.size]).toEqual([[1, 2, 3], 1]);
    await runInDurableObject(await objectOf(ada), async (_, { storage }) => await storage.deleteAll());
    vi.restoreAllMocks();
    await rest(ada, "close");
    const again = await Tab.open("/", ada.cookie);
    const later = await publishing(again, () => undefined);
    await again.call("Talker#say", { args: [topic, "anew"] });
    await vi.waitFor(() => expect(later).toHaveLength(1));
    expect([later[0]?.id?.number, publishers.has(later[0]?.id?.publisher)]).toEqual([1, false]);
  });

  it("names no tab of the session, and no session of the tab", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const asked = await publishing(ada, () => undefined);
    await ada.call("Talker#touchTopic", { args: [topic] });
    await ada.call("Talker#touchQuietly", { args: [topic] });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(asked.map(({ published }) => published)).toEqual([
      { kind: "touch", author: expect.stringMatching(/^[0-9a-z]{8}$/) },
      { kind: "touch" },
    ]);
  });
});

describe("what is published", () => {
  it.each([
    ["an ephemeral reflex", "Talker#touchUnstored"],
    ["one that runs beside the others", "Talker#touchBeside"],
  ])("by %s is sent once, and costs no row", async (_, target) => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    const asked = await publishing(ada, () => undefined);
    forgetRests();
    const written = await rowsDuring(ada, () => ada.call(target, { args: [topic, "unstored"] }));
    await bob.until(() => shows(bob, "unstored"));
    await quiet(ada);
    expect([written, asked.map(({ id }) => id), rests.toSorted(), newsOf(ada)]).toEqual([
      [],
      [undefined],
      ["ada", "bob"],
      [],
    ]);
  });

  it("by an ephemeral reflex is not sent again when its topic cannot be reached", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", []), await settled("bob", [topic])];
    let isReached = false;
    await publishing(ada, () => (isReached ? undefined : failing()));
    await ada.call("Talker#sayUnstored", { args: [topic, "lost"] });
    await vi.waitFor(() => expect(logged).toHaveLength(1));
    isReached = true;
    await ada.call("Talker#sayUnstored", { args: [topic, "told"] });
    await bob.until(() => titlesOf(bob).length > 0);
    expect(titlesOf(bob)).toEqual(["told"]);
  });

  it("by a page is sent when a browser has loaded it, and not when it is only rendered", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", []), await settled("bob", [topic])];
    const response = await visit(`/rest?on=${topic}`, { method: "POST", headers: { Cookie: ada.cookie } });
    expect(response.status).toBe(302);
    await bob.until(() => titlesOf(bob).length === 1);
    expect(titlesOf(bob)).toEqual(["from a page"]);
  });

  it("by a timer is committed with it, and sent", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    await ada.call("Talker#remind", { args: ["Talker#_remember", topic, "ding"] });
    for (const tab of [ada, bob]) await tab.until(() => shows(tab, "ding") && titlesOf(tab).length === 1);
  });

  it("by a call that ends its session is sent all the same, and what has waited there before", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", []), await settled("bob", [topic])];
    let isReached = false;
    const name = (await objectOf(ada)).name ?? "";
    await publishing(ada, () => (isReached ? undefined : new Promise(() => {})));
    await ada.call("Talker#say", { args: [topic, "waits"] });
    await ada.call("Talker#sayAndLeave", { args: [topic] });
    isReached = true;
    vi.restoreAllMocks();
    await kill(exports.SessionObject.getByName(name));
    await runDurableObjectAlarm(exports.SessionObject.getByName(name));
    await bob.until(() => titlesOf(bob).length === 2);
    expect(titlesOf(bob)).toEqual(["waits", "bye"]);
  });

  it("by a call whose page has gone meanwhile renders the page that its tab shows by then", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const object = await objectOf(ada);
    Object.assign(talking, { hasBegun: false, isTold: false });
    ada.callAs(1, "Talker#touchWhenTold", { args: [topic] });
    while (!talking.hasBegun) await scheduler.wait(1);
    const other = `/rest?on=${topic}&tab=other`;
    ada.send(["l", other, ""]);
    await runInDurableObject(object, async (_, context) => {
      while (context.getWebSockets()[0]?.deserializeAttachment().url !== other) await scheduler.wait(1);
    });
    talking.isTold = true;
    await ada.reply(1);
    await vi.waitFor(() => expect(rests).toContain("adaother"));
  });

  it("leaves its room to what comes next as soon as its topic has it", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", []), await settled("bob", [topic])];
    const chars = 90_000;
    for (let round = 1; round <= 2; round += 1) {
      expect((await ada.call("Talker#sayAtLength", { args: [topic, 4, chars] })).outcome).toBe("nothing");
      await bob.until(() => titlesOf(bob).length === 4 * round);
      await quiet(ada);
    }
  });

  it("more than a session may leave waiting is refused with the call, and nothing of that is committed", async () => {
    const topic = newTopic();
    const ada = await settled("ada", []);
    await publishing(ada, () => new Promise(() => {}));
    for (let count = 0; count < LIMITS.outbox / LIMITS.turnPublications; count += 1) {
      const titles = Array.from({ length: LIMITS.turnPublications }, (_, at) => `title ${at}`);
      expect((await ada.call("Talker#say", { args: [topic, ...titles.slice(0, 31)] })).outcome).toBe(
        "nothing",
      );
      expect((await ada.call("Talker#say", { args: [topic, ...titles.slice(31, 62)] })).outcome).toBe(
        "nothing",
      );
      expect((await ada.call("Talker#say", { args: [topic, ...titles.slice(62)] })).outcome).toBe("nothing");
    }
    expect((await ada.call("Talker#say", { args: [topic, "one too many"] })).outcome).toBe("reflex-failed");
    expect(logged.map(({ cause }) => String(cause)).at(-1)).toContain("more than its topics have taken");
  });
});
