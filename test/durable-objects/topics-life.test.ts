import { runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { TOPICS_SINCE } from "../../src/protocol/names.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import { load, newTabId, objectOf, stateIn, Tab, visit } from "../support/tab.ts";
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
  settled,
  shows,
  titlesOf,
} from "../support/topic-tabs.ts";
import { rendering, rests, shared } from "../support/topics-site.ts";
import { logged } from "../support/worker.ts";

beforeEach(forgetOtherTests);

/** Says titles in a topic, as somebody else, and waits until they are published. */
async function say(topic: string, ...titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    const operations = [{ operation: "setTitle", title }];
    const publish = async () =>
      await rootOf(topic).publish([{ published: { kind: "operations", operations } }]);
    // A topic takes so many at once, and refuses those behind them for a moment.
    await vi.waitFor(async () => expect((await publish()).kind).toBe("published"), { timeout: 5_000 });
  }
}

/** Changes what pages show of a topic, as somebody else. */
async function change(topic: string, text: string): Promise<void> {
  shared.set(topic, text);
  await rootOf(topic).publish([{ published: { kind: "touch" } }]);
}

describe("a page that has only begun to rest on a topic", () => {
  it("is rendered once more when its session follows the topic, since something may have been published before", async () => {
    const topic = newTopic();
    const tab = await load(restingOn(topic));
    await tab.until(() => placesOf(tab, topic).length === 1);
    await quiet(tab);
    // As it was loaded, and behind the subscription. It shows the same, so nothing else is sent.
    expect([rests, newsOf(tab)]).toEqual([["nobody", "nobody"], []]);
  });

  it("is not rendered again when its session follows the topic already", async () => {
    const topic = newTopic();
    const first = await settled("ada", [topic]);
    forgetRests();
    const second = await load(restingOn(topic), first.cookie);
    await second.until(() => placesOf(second, topic).length === 1);
    await quiet(second);
    expect([rests, placesOf(second, topic)]).toEqual([["ada"], placesOf(first, topic)]);
  });

  it("misses nothing that is published between its render and its socket", async () => {
    const topic = newTopic();
    const first = await settled("ada", [topic]);
    const url = restingOn(topic);
    const page = await (await visit(url, { headers: { Cookie: first.cookie } })).text();
    await change(topic, "meanwhile");
    await first.until(() => shows(first, "meanwhile"));
    forgetRests();
    const second = await Tab.open(url, first.cookie, { state: stateIn(page) });
    await second.until(() => shows(second, "meanwhile"));
    expect(rests).toEqual(["ada"]);
  });

  it("follows it whether the page says what it shows, or is made elsewhere", async () => {
    const topic = newTopic();
    const tab = await Tab.open(`/rest/opaque?on=${topic}`);
    await tab.until(() => placesOf(tab, topic).length === 1);
    await change(topic, "opaque");
    await tab.until(() => shows(tab, "opaque"));
  });
});

describe("a topic", () => {
  it("is followed by a page as long as its renders say so", async () => {
    const [one, two] = [newTopic(), newTopic()];
    const tab = await settled("ada", []);
    await tab.call("Talker#follow", { args: [one] });
    await tab.until(() => placesOf(tab, one).length === 1);
    await tab.call("Talker#follow", { args: [two] });
    await tab.until(() => placesOf(tab, two).length === 1);
    await quiet(tab);
    expect([await rootOf(one).attest(one), await rootOf(two).attest(two)]).toEqual([0, 1]);
    forgetRests();
    await change(one, "nobody");
    await change(two, "somebody");
    await tab.until(() => shows(tab, "somebody"));
    expect(rests).toEqual(["ada"]);
  });

  it("is told to a session once, whatever the number of its tabs, and to nobody when the last has left", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    const other = await settled("ada", [topic], tab.cookie);
    expect(await rootOf(topic).attest(topic)).toBe(1);
    tab.socket.close(4000);
    await tab.closed;
    await quiet(other);
    expect(await rootOf(topic).attest(topic)).toBe(1);
    other.socket.close(4000);
    await other.closed;
    await quiet(other);
    expect(await rootOf(topic).attest(topic)).toBe(0);
  });

  it("is told to nobody but those whose pages rest on it", async () => {
    const [topic, other] = [newTopic(), newTopic()];
    const tab = await settled("ada", [topic]);
    const object = (await objectOf(tab)) as unknown as ReturnType<typeof rootOf>;
    const operations = [{ operation: "setTitle", title: "forged" }];
    const items = [{ seq: 1, published: { kind: "operations", operations } as const }];
    const delivery = { topic: other, node: other, epoch: "e", from: 0, to: 1, items };
    expect(await object.deliver(delivery)).toBe("gone");
    // The right topic by a node that is not the one which tells the session.
    expect(await object.deliver({ ...delivery, topic, node: `${topic}#1` })).toBe("gone");
    expect([await object.attest(other), await object.attest(topic)]).toEqual([0, 1]);
    await quiet(tab);
    expect(titlesOf(tab)).toEqual([]);
  });

  it("goes with a session that is reset, for its caller too", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    const other = await settled("ada", [topic], tab.cookie);
    await tab.call("Talker#sayAndLeave", { args: [topic] });
    await other.closed;
    await quiet(tab);
    expect([await rootOf(topic).attest(topic), titlesOf(tab), titlesOf(other)]).toEqual([0, [], []]);
  });

  it("goes with the tabs that a change of identity has closed, and stays with its caller", async () => {
    const [topic, own] = [newTopic(), newTopic()];
    const tab = await settled("ada", [own]);
    const other = await settled("ada", [topic], tab.cookie);
    await tab.call("Talker#enter");
    await other.closed;
    await quiet(tab);
    expect([await rootOf(topic).attest(topic), await rootOf(own).attest(own)]).toEqual([0, 1]);
    await say(own, "still here");
    await tab.until(() => titlesOf(tab).length === 1);
  });

  it("goes with a session that has expired", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    const object = await objectOf(tab);
    await runInDurableObject(object, (_, { storage }) => {
      const row = storage.kv.get<object>("session");
      storage.kv.put("session", { ...row, expiresAt: Date.now() - 1 });
    });
    await rest(tab);
    await runInDurableObject(
      object,
      async (instance) => await (instance as { alarm(): Promise<void> }).alarm(),
    );
    await tab.closed;
    while ((await rootOf(topic).attest(topic)) > 0) await scheduler.wait(1);
  });
});

describe("a touch", () => {
  it("renders each tab once, however often it comes while that waits", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    forgetRests();
    let go = () => {};
    rendering.wait = new Promise((resolve) => {
      go = resolve;
    });
    await change(topic, "first");
    while (rests.length === 0) await scheduler.wait(1);
    // It is being rendered: what comes now may be missing in it.
    for (let count = 0; count < 20; count += 1) await change(topic, `text ${count}`);
    rendering.wait = undefined;
    go();
    await ada.until(() => shows(ada, "text 19"));
    await quiet(ada);
    expect(rests).toEqual(["ada", "ada"]);
  });

  it("reaches a page that failed when it fails no more, with nothing else published", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    rendering.broken.add("bob");
    await ada.call("Talker#touchTopic", { args: [topic, "late"] });
    while (logged.length === 0) await scheduler.wait(1);
    rendering.broken.delete("bob");
    await bob.until(() => shows(bob, "late"));
  });

  it("reaches the others when the page of one session throws, and that one with the next", async () => {
    const topic = newTopic();
    const [ada, bob] = [await settled("ada", [topic]), await settled("bob", [topic])];
    rendering.broken.add("ada");
    await change(topic, "one");
    await bob.until(() => shows(bob, "one"));
    while (logged.length === 0) await scheduler.wait(1);
    expect(logged.map(({ event, cause }) => [event, String(cause)])).toEqual([
      ["page-failed", "Error: The page of ada is broken"],
    ]);
    rendering.broken.clear();
    await change(topic, "two");
    for (const tab of [ada, bob]) await tab.until(() => shows(tab, "two"));
    expect(shows(ada, "one")).toBe(false);
  });

  it("does not part operations that were broadcast around it from its render", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const bob = await settled("bob", [topic]);
    await bob.call("Talker#sayAround", { args: [topic, "between"] });
    await ada.until(() => titlesOf(ada).length === 2);
    expect(newsOf(ada).map(([kind, name]) => (kind === "op" ? name : "page"))).toEqual([
      "setTitle",
      "page",
      "setTitle",
    ]);
  });
});

describe("a tab whose session sleeps", () => {
  it("is woken by what is published, and goes on behind its place", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    await say(topic, "one");
    await ada.until(() => titlesOf(ada).length === 1);
    await rest(ada);
    await say(topic, "two", "three");
    await ada.until(() => titlesOf(ada).length === 3);
    await rest(ada);
    await change(topic, "awake");
    await ada.until(() => shows(ada, "awake"));
    expect([titlesOf(ada), await rootOf(topic).attest(topic)]).toEqual([["one", "two", "three"], 1]);
  });

  it("is rendered to find out what it rests on, when that had no room in its socket", async () => {
    const topics = Array.from({ length: LIMITS.pageTopics }, (_, at) =>
      newTopic(`${at}`.repeat(150).slice(0, 150)),
    );
    const [first = ""] = topics;
    const long = `${restingOn(...topics)}&x=${"x".repeat(600)}`;
    const tab = await load(long, undefined, { tab: newTabId() });
    const cookie = `${tab.cookie}; filler=${"x".repeat(10_000)}`;
    const big = await load(long, cookie);
    await big.until(() => placesOf(big, first).length === 1);
    tab.socket.close(4000);
    await quiet(tab);
    await rest(tab);
    await change(first, "found");
    await big.until(() => shows(big, "found"));
  });
});

describe("a tab that comes back", () => {
  it("to a session that knows it is told what was broadcast meanwhile, once and in order", async () => {
    const topic = newTopic();
    const name = newTabId();
    const tab = await load(restingOn(topic), undefined, { tab: name });
    await tab.until(() => placesOf(tab, topic).length === 1);
    await quiet(tab);
    await say(topic, "one");
    await tab.until(() => titlesOf(tab).length === 1);
    const seen = tab.pushes.length;
    tab.socket.close(1000);
    await tab.closed;
    await say(topic, "two", "three");
    const again = await Tab.open(restingOn(topic), tab.cookie, { tab: name, seen, state: "" });
    await again.until(() => titlesOf(again).length === 2);
    await say(topic, "four");
    await again.until(() => titlesOf(again).length === 3);
    expect(titlesOf(again)).toEqual(["two", "three", "four"]);
  });

  it.each(["told to it", "lost on the way"])(
    "to one that has crashed is told what lies behind its place: what was %s",
    async (_) => {
      const topic = newTopic();
      const name = newTabId();
      const tab = await load(restingOn(topic), undefined, { tab: name });
      await tab.until(() => placesOf(tab, topic).length === 1);
      await quiet(tab);
      await say(topic, "one");
      await tab.until(() => titlesOf(tab).length === 1);
      const isTold = _ === "told to it";
      const position = placesOf(tab, topic).at(isTold ? -1 : -2) ?? "";
      await rest(tab, "close");
      await say(topic, "two", "three");
      const again = await Tab.open(restingOn(topic), tab.cookie, {
        tab: name,
        seen: tab.pushes.length - (isTold ? 0 : 1),
        state: "",
        positions: { [topicKey(topic)]: position },
      });
      const expected = isTold ? ["two", "three"] : ["one", "two", "three"];
      await again.until(() => titlesOf(again).length >= expected.length);
      await say(topic, "four");
      await again.until(() => titlesOf(again).includes("four"));
      expect(titlesOf(again)).toEqual([...expected, "four"]);
    },
  );

  it("from further behind than its topic keeps is rendered afresh, and told its place", async () => {
    const topic = newTopic();
    const name = newTabId();
    const tab = await load(restingOn(topic), undefined, { tab: name });
    await tab.until(() => placesOf(tab, topic).length === 1);
    await quiet(tab);
    const [position = ""] = placesOf(tab, topic);
    await rest(tab, "close");
    // Somebody has to listen, or nothing is published.
    const other = await settled("bob", [topic]);
    for (let count = 0; count <= LIMITS.keptPublications; count += 1) {
      await say(topic, `title ${count}`);
      other.send(["a", 1, other.pushes.length]);
    }
    shared.set(topic, "afresh");
    const again = await Tab.open(restingOn(topic), tab.cookie, {
      tab: name,
      seen: 1,
      state: "",
      positions: { [topicKey(topic)]: position },
    });
    await again.until(() => placesOf(again, topic).length === 1 && shows(again, "afresh"));
    await other.until(() => titlesOf(other).length > LIMITS.keptPublications);
    expect([titlesOf(again), placesOf(again, topic)]).toEqual([[], placesOf(other, topic).slice(-1)]);
  }, 30_000);

  it("to a page that has slipped into a session which ended a topic's subscription follows it again", async () => {
    const topic = newTopic();
    const name = newTabId();
    const tab = await load(restingOn(topic), undefined, { tab: name });
    await tab.until(() => placesOf(tab, topic).length === 1);
    await quiet(tab);
    tab.socket.close(1000);
    await tab.closed;
    await quiet(tab);
    // Found nobody: the subscription ends.
    await change(topic, "away");
    while ((await rootOf(topic).attest(topic)) > 0) await scheduler.wait(1);
    const again = await Tab.open(restingOn(topic), tab.cookie, { tab: name, seen: 1, state: "" });
    await again.until(() => shows(again, "away"));
    await say(topic, "back");
    await again.until(() => titlesOf(again).includes("back"));
    expect(titlesOf(again)).toEqual(["back"]);
  });
});

describe("a tab that does not read what it is sent", () => {
  it("is sent answers alone until it does, and then what it has missed", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    const told = tab.pushes.length;
    for (let count = told; count < LIMITS.unreadFrames; count += 1) {
      await say(topic, `title ${count}`);
      await tab.until(() => tab.pushes.length === count + 1);
    }
    const before = titlesOf(tab).length;
    await say(topic, "missed");
    await change(topic, "missed, too");
    const reply = await tab.call("Talker#say", { args: [topic, "own"] });
    await quiet(tab);
    expect([reply.outcome, titlesOf(tab).length, tab.pushes.length]).toEqual([
      "nothing",
      before,
      LIMITS.unreadFrames,
    ]);
    tab.send(["a", 2, tab.pushes.length]);
    await tab.until(() => titlesOf(tab).includes("own") && shows(tab, "missed, too"));
    expect(titlesOf(tab).slice(before)).toEqual(["missed", "own"]);
  }, 30_000);

  it("holds up nobody else, and a client that says nothing of what it reads is sent everything", async () => {
    const topic = newTopic();
    const tab = await settled("ada", [topic]);
    const old = await Tab.connect(tab.cookie);
    old.send(["h", TOPICS_SINCE - 1, newTabId(), 0, 1, restingOn(topic)]);
    const bob = await settled("bob", [topic]);
    await quiet(tab);
    for (let count = 0; count <= LIMITS.unreadFrames; count += 1) {
      await say(topic, `title ${count}`);
      await bob.until(() => titlesOf(bob).length === count + 1);
      bob.send(["a", 1, bob.pushes.length]);
    }
    await old.until(() => titlesOf(old).length === LIMITS.unreadFrames + 1);
    expect(titlesOf(old)).toEqual(titlesOf(bob));
    expect(placesOf(old, topic)).toEqual([]);
    expect(titlesOf(tab).length).toBeLessThan(LIMITS.unreadFrames);
  }, 30_000);
});
