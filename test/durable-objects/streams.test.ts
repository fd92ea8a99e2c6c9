import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { encodeCall } from "../../src/protocol/call-codec.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import {
  CHANGED_EVENT,
  FORGOTTEN_EVENT,
  STREAM_TARGET,
  UNSTREAM_TARGET,
} from "../../src/protocol/stream-names.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SignedValues } from "../../src/security/signed-values.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import type { Published } from "../../src/topics/topic-messages.ts";
import { load, newCookie, newTabId, objectOf, type Reply, stateIn, Tab, visit } from "../support/tab.ts";
import {
  forgetOtherTests,
  forgetRests,
  newsOf,
  newTopic,
  placesOf,
  quiet,
  rest,
  restingOn,
  rootOf,
  titlesOf,
} from "../support/topic-tabs.ts";
import { rests } from "../support/topics-site.ts";
import { logged } from "../support/worker.ts";

beforeEach(forgetOtherTests);

/** An identifier as a page of a visitor has it. */
async function identifierFor(topic: string, cookie: string, options = ""): Promise<string> {
  return await (
    await visit(`/rest/identifier?on=${topic}${options}`, { headers: { Cookie: cookie } })
  ).text();
}

/** Opens a page of a new visitor that rests on nothing. */
async function openPage(): Promise<Tab> {
  return await load(restingOn(), await newCookie());
}

async function stream(tab: Tab, topic: string, mode = "stream", target = STREAM_TARGET): Promise<Reply> {
  return await tab.call(target, { args: [await identifierFor(topic, tab.cookie), mode] });
}

/** Has an element of a page follow a topic, and waits until that is told where it is. */
async function follow(tab: Tab, topic: string, mode = "stream"): Promise<void> {
  expect(await stream(tab, topic, mode)).toMatchObject({
    outcome: "done",
    payload: topicKey(topic),
    updates: [],
  });
  await tab.until(() => placesOf(tab, topic).length > 0);
  await quiet(tab);
}

/** Publishes in a topic, as somebody else, one after another. */
async function publish(topic: string, ...all: readonly Published[]): Promise<void> {
  for (const published of all) await rootOf(topic).publish([{ published }]);
}

const say = (title: string): Published => ({
  kind: "operations",
  operations: [{ operation: "setTitle", title }],
});
const touch: Published = { kind: "touch" };

/** What the elements of a tab were told of changes, in order. */
function changesOf(tab: Tab): readonly unknown[] {
  return newsOf(tab).flatMap((update) => {
    const { name, detail } = (update[0] === "op" ? update[2] : {}) as { name?: string; detail?: unknown };
    return name === CHANGED_EVENT ? [detail] : [];
  });
}

describe("an element that follows a topic", () => {
  it("is sent what is broadcast there, until it does not follow it any more", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic);
    await publish(topic, say("one"), say("two"));
    await tab.until(() => titlesOf(tab).length === 2);
    expect(await stream(tab, topic, "stream", UNSTREAM_TARGET)).toMatchObject({ outcome: "done" });
    await publish(topic, say("three"));
    await quiet(tab);
    expect([titlesOf(tab), logged]).toEqual([["one", "two"], []]);
  });

  it("is told of touches, and its page is not rendered for them", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic, "updates");
    await publish(topic, say("not for it"));
    const before = [changesOf(tab).length, rests.length];
    await publish(topic, { kind: "touch", changed: ["name"] });
    await tab.until(() => changesOf(tab).length > (before[0] ?? 0));
    await publish(topic, touch);
    await tab.until(() => changesOf(tab).length > (before[0] ?? 0) + 1);
    const key = topicKey(topic);
    expect(changesOf(tab).slice(before[0])).toEqual([{ topic: key, changed: ["name"] }, { topic: key }]);
    expect([titlesOf(tab).filter(Boolean), rests.length]).toEqual([[], before[1]]);
  });

  it("is told by a touch of its own page's call that the page shows it already", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic, "updates");
    const before = changesOf(tab).length;
    await tab.call("Talker#touchTopic", { args: [topic, "mine"] });
    await tab.until(() => changesOf(tab).length > before);
    expect(changesOf(tab).slice(before)).toEqual([{ topic: topicKey(topic), isShown: true }]);
    await tab.call("Talker#touchQuietly", { args: [topic, "unseen"] });
    await tab.until(() => changesOf(tab).length > before + 1);
    expect(changesOf(tab).slice(before + 1)).toEqual([{ topic: topicKey(topic) }]);
  });

  it("is told what was published since its page was rendered, and only then", async () => {
    const topic = newTopic();
    const first = await openPage();
    await follow(first, topic, "updates");
    // Nobody knows what there was before the session followed it.
    await first.until(() => changesOf(first).length === 1);
    const second = await load(restingOn(), first.cookie);
    await follow(second, topic, "updates");
    expect(changesOf(second)).toEqual([]);
    const third = await load(restingOn(), first.cookie);
    await publish(topic, touch);
    await second.until(() => changesOf(second).length === 1);
    await follow(third, topic, "updates");
    await third.until(() => changesOf(third).length === 1);
    forgetRests();
    const fourth = await load(restingOn(), first.cookie);
    await publish(topic, say("missed"));
    await quiet(fourth);
    await follow(fourth, topic);
    // What it missed cannot be carried out any more: its page is rendered, as it was when it was loaded.
    expect(rests).toEqual(["nobody", "nobody"]);
  });

  it("gets what is broadcast once, though its page rests on the topic too", async () => {
    const topic = newTopic();
    const tab = await load(restingOn(topic), await newCookie());
    await follow(tab, topic);
    await follow(tab, topic);
    await publish(topic, say("once"));
    await tab.until(() => titlesOf(tab).length > 0);
    await stream(tab, topic, "stream", UNSTREAM_TARGET);
    await publish(topic, say("and again"));
    await tab.until(() => titlesOf(tab).length > 1);
    await quiet(tab);
    expect(titlesOf(tab)).toEqual(["once", "and again"]);
  });

  it("goes on through a sleep, and when its page is called otherwise", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic);
    await rest(tab);
    await publish(topic, say("after a sleep"));
    await tab.until(() => titlesOf(tab).length === 1);
    tab.send(["l", "/rest?other", ""]);
    await quiet(tab);
    await publish(topic, say("elsewhere"));
    await tab.until(() => titlesOf(tab).length === 2);
    expect(titlesOf(tab)).toEqual(["after a sleep", "elsewhere"]);
  });

  it("makes good what was published since the page was rendered that another has the place of, and nothing else", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic);
    await follow(tab, topic, "updates");
    const next = async (url: string, ...between: readonly Published[]) => {
      const page = await (await visit(url, { headers: { Cookie: tab.cookie } })).text();
      forgetRests();
      const before = changesOf(tab).length;
      await publish(topic, ...between);
      if (between.length > 0) await tab.until(() => titlesOf(tab).includes("between"));
      tab.send(["l", url, stateIn(page)]);
      await quiet(tab);
      return [rests.length, changesOf(tab).length - before];
    };
    expect(await next("/rest?quiet")).toEqual([0, 0]);
    // What is told reaches the page that is about to go.
    expect(await next("/rest?busy", say("between"))).toEqual([1, 1]);
    expect(titlesOf(tab).filter((title) => title === "between")).toHaveLength(1);
  });

  it("gets what lies behind its page's place from an object that has forgotten it, once it has asked again", async () => {
    const topic = newTopic();
    const tab = newTabId();
    const before = await load(restingOn(), await newCookie(), { tab });
    await follow(before, topic);
    await publish(topic, say("seen"));
    await before.until(() => titlesOf(before).length === 1);
    const [position = ""] = placesOf(before, topic).slice(-1);
    await rest(before, "close");
    await publish(topic, say("missed"), say("missed, too"));
    const positions = { [topicKey(topic)]: position };
    const seen = before.pushes.length;
    const after = await Tab.open(restingOn(), before.cookie, { tab, seen, low: 2, state: "", positions });
    await stream(after, topic);
    await after.until(() => titlesOf(after).length === 2);
    await quiet(after);
    expect(titlesOf(after)).toEqual(["missed", "missed, too"]);
  });

  it("is asked to say so again when its socket could not remember it", async () => {
    // A socket remembers 16,384 bytes in all.
    const cookie = `${await newCookie()}; more=${"x".repeat(7_000)}`;
    const tab = await load(`/rest?${"x".repeat(4_000)}`, cookie);
    const topics = Array.from({ length: LIMITS.tabStreams }, () => newTopic("y".repeat(150)));
    for (const topic of topics) await stream(tab, topic);
    await tab.until(() => topics.every((topic) => placesOf(tab, topic).length > 0));
    await quiet(tab);
    await rest(tab);
    const [topic = ""] = topics;
    await publish(topic, say("asleep"));
    await tab.until(() => JSON.stringify(newsOf(tab)).includes(FORGOTTEN_EVENT));
    // It says how far its page was told, and misses nothing of what came meanwhile.
    const args = [await identifierFor(topic, tab.cookie), "stream", placesOf(tab, topic)[0]];
    await tab.call(STREAM_TARGET, { args });
    await publish(topic, say("awake"));
    await tab.until(() => titlesOf(tab).includes("awake"));
    expect(titlesOf(tab).filter(Boolean)).toEqual(["asleep", "awake"]);
  });

  it("costs a call that its identifier makes most of, an answer of 26 characters, and a place with what is broadcast", async () => {
    const topic = newTopic();
    const tab = await openPage();
    await follow(tab, topic);
    const identifier = await identifierFor(topic, tab.cookie);
    const call = `[1,${encodeCall(STREAM_TARGET, { args: [identifier, "stream"], more: { quiet: 1 } })}]`;
    expect(call.length - identifier.length).toBeLessThanOrEqual(64);
    const textOf = (at: number) => JSON.stringify(tab.frames.at(at));
    expect(tab.frames.map((frame) => JSON.stringify(frame))).toContain(
      `[1,{"payload":"${topicKey(topic)}"}]`,
    );
    await publish(topic, say("one"));
    await tab.until(() => titlesOf(tab).length === 1);
    const operation = JSON.stringify(["op", "setTitle", { title: "one" }]);
    expect(textOf(-1)).toContain(operation);
    // Its number, what the page shows, and the topic's key and place.
    expect(textOf(-1).length - operation.length).toBeLessThanOrEqual(72);
  });

  it("writes nothing", async () => {
    const topic = newTopic();
    const tab = await openPage();
    const stored = async () =>
      await runInDurableObject(await objectOf(tab), (_, { storage }) => {
        const tables = storage.sql.exec(
          "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\'",
        );
        return [tables.toArray(), storage.sql.databaseSize];
      });
    const before = await stored();
    await follow(tab, topic);
    await follow(tab, topic, "updates");
    await stream(tab, topic, "stream", UNSTREAM_TARGET);
    expect(await stored()).toEqual(before);
  });
});

describe("a topic that a page was not given", () => {
  const signedBy = (key: string) => new SignedValues(() => new KeyRing(key), Date.now);

  it("is not to be had by an identifier that is forged, altered, for something else, or of another site", async () => {
    const topic = newTopic();
    const tab = await openPage();
    const good = await identifierFor(topic, tab.cookie);
    const other = await identifierFor(newTopic(), tab.cookie);
    const [content = "", signature = ""] = good.split(".");
    const ours = signedBy("only-for-tests-0123456789-0123456789");
    const identifiers = [
      topic,
      "",
      "x".repeat(10_000),
      content,
      `${content}.`,
      `${content}.${"A".repeat(43)}`,
      `${other.split(".")[0]}.${signature}`,
      `${good}.${signature}`,
      await ours.sign(topic),
      await ours.sign(topic, { purpose: "topic" }),
      await signedBy("another-site-0123456789-0123456789").sign(topic, { purpose: "edge-reflex topic" }),
    ];
    const seen = new Set<string>();
    for (const target of [STREAM_TARGET, UNSTREAM_TARGET])
      for (const identifier of identifiers)
        seen.add((await tab.call(target, { args: [identifier, "stream"] })).outcome);
    expect([...seen]).toEqual(["forbidden"]);
    expect(logged.map(({ event }) => event)).toEqual(Array(2 * identifiers.length).fill("stream-refused"));
    await publish(topic, say("secret"));
    await quiet(tab);
    expect([titlesOf(tab), await rootOf(topic).attest(topic)]).toEqual([[], 0]);
  });

  it("is not to be had by an identifier that was bound to another session", async () => {
    const topic = newTopic();
    const [ada, bob] = await Promise.all([openPage(), openPage()]);
    const identifier = await identifierFor(topic, ada.cookie, "&bound");
    const call = (tab: Tab) => tab.call(STREAM_TARGET, { args: [identifier, "stream"] });
    expect([(await call(ada)).outcome, (await call(bob)).outcome]).toEqual(["done", "forbidden"]);
    await ada.until(() => placesOf(ada, topic).length > 0);
    await publish(topic, say("for ada"));
    await ada.until(() => titlesOf(ada).length === 1);
    await quiet(bob);
    expect(titlesOf(bob)).toEqual([]);
  });

  it("is not to be had by a call of another shape, which is refused as such", async () => {
    const tab = await openPage();
    const good = await identifierFor(newTopic(), tab.cookie);
    for (const args of [
      undefined,
      [],
      [good],
      [good, "page"],
      [good, 1],
      [good, "stream", 1],
      [[good], "stream"],
      [null, "stream"],
    ])
      expect((await tab.call(STREAM_TARGET, { args })).outcome).toBe("malformed-call");
  });

  it("is not followed for a page load that was left", async () => {
    const topic = newTopic();
    const tab = await openPage();
    const identifier = await identifierFor(topic, tab.cookie);
    const args = [identifier, "stream"];
    tab.send([1, STREAM_TARGET, 0, 0, args, 0, newTabId(), restingOn()]);
    expect(await tab.reply(1)).toMatchObject({ outcome: "done" });
    await publish(topic, say("for nobody"));
    await quiet(tab);
    expect([placesOf(tab, topic), titlesOf(tab)]).toEqual([[], []]);
  });

  it("is refused beyond as many as a tab may follow, and each of those may be asked for again", async () => {
    const tab = await openPage();
    const topics = Array.from({ length: LIMITS.tabStreams }, () => newTopic());
    for (const topic of topics) expect((await stream(tab, topic)).outcome).toBe("done");
    expect((await stream(tab, newTopic())).outcome).toBe("forbidden");
    expect(String(logged.at(-1)?.cause)).toContain(`they follow ${LIMITS.tabStreams} topics already`);
    const [first = ""] = topics;
    expect((await stream(tab, first, "updates")).outcome).toBe("done");
    await stream(tab, first, "stream", UNSTREAM_TARGET);
    await stream(tab, first, "updates", UNSTREAM_TARGET);
    expect((await stream(tab, newTopic())).outcome).toBe("done");
  });
});

describe("a page that says of a topic what it was not told", () => {
  it.each([
    ["what is to come", "999999999999999", ""],
    ["another life", "1", "x"],
    ["no number", "-1", ""],
  ])("keeps nothing from the other tabs of its session, nor from itself: %s", async (_, seq, life) => {
    const topic = newTopic();
    const honest = await load(restingOn(topic), await newCookie());
    await honest.until(() => placesOf(honest, topic).length > 0);
    const [epoch] = (placesOf(honest, topic).at(-1) ?? "").split(".");
    const positions = { [topicKey(topic)]: `${life}${epoch}.${seq}`.slice(-32), ["__proto__"]: "a.1" };
    const liar = await load(restingOn(topic), honest.cookie, { positions });
    await quiet(liar);
    await rest(honest);
    await publish(topic, say("told"));
    for (const tab of [honest, liar]) await tab.until(() => titlesOf(tab).length === 1);
    await publish(topic, say("told, too"));
    for (const tab of [honest, liar]) await tab.until(() => titlesOf(tab).length === 2);
  });
});
