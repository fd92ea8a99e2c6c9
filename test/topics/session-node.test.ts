import { expect, it } from "vitest";
import { SessionTopic } from "../../durable-objects/session-topic.ts";
import { SessionTopics } from "../../durable-objects/session-topics.ts";
import { TabTopics } from "../../durable-objects/tab-topics.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import type { Delivery, SubscriberName, SubscribeWish, TopicNode } from "../../src/topics/topic-messages.ts";
import { PageTab, TopicPage } from "../support/topic-session.ts";
import { settled } from "../support/topic-time.ts";

const NAME = "topic";
const RELAY = "topic#weur0";

function refuse(): never {
  throw new Error("Nothing here asks for that");
}

/** A session of one tab, whose topic sends subscribers on to a relay. */
function session(tab: PageTab) {
  const asked: string[] = [];
  const at = (name: string) => ({
    subscribe: async () => {
      asked.push(name);
      const position = { epoch: "a", seq: 5 };
      return name === NAME
        ? { kind: "elsewhere", node: RELAY }
        : { kind: "subscribed", position, isKnown: true };
    },
    since: refuse,
  });
  const topics = new SessionTopics<PageTab>({
    reach: {
      subscriber: { kind: "session", name: "session" },
      at: (name) => at(name) as unknown as TopicNode,
      region: () => undefined,
      timer: () => () => {},
      now: () => Date.UTC(2026, 0),
    },
    askRegion: refuse,
    tabs: { open: [tab], away: [], refresh: async () => {}, behind: (_, run) => run() },
    hasEnded: () => false,
    authorOf: () => undefined,
    presence: { follow: () => {}, changed: () => {}, closed: () => {}, end: () => {} },
    random: () => 0,
    waitUntil: () => {},
    log: refuse,
  });
  return { topics, asked };
}

function delivery(seq: number): Delivery {
  const operations = [{ operation: "setValue", selector: "#x", value: String(seq) }];
  const items = [{ seq, published: { kind: "operations" as const, operations } }];
  return { topic: NAME, node: RELAY, epoch: "a", from: seq - 1, to: seq, items };
}

/** A tab whose socket remembers its topic, and not which relay tells of it. */
function tabToldByRoot(): PageTab {
  const tab = new PageTab("tab", new TopicPage([NAME], 0));
  tab.topics = new TabTopics([[NAME, "a.5", "p"]]);
  return tab;
}

it("a session that a relay tells, of which its sockets remember nothing, finds out and stays with it", async () => {
  const tab = tabToldByRoot();
  const { topics, asked } = session(tab);
  expect([await topics.deliver(delivery(6)), await topics.deliver(delivery(7))]).toEqual(["here", "here"]);
  expect([asked, tab.page.operations]).toEqual([
    [NAME, RELAY],
    ["6", "7"],
  ]);
});

it("a tab that comes back having missed nothing has its socket remember which relay tells", async () => {
  const tab = new PageTab("tab", new TopicPage([NAME], 0));
  const { topics } = session(tab);
  tab.topics.begin(new Map([[topicKey(NAME), "a.5"]]));
  topics.rests(tab, { subscribed: new Map([[NAME, {}]]), at: 0 });
  await settled();
  expect(tab.kept).toEqual([[NAME, "a.5", "p", "weur0"]]);
});

it("a session counts its wishes upwards, those of a life of its object above those of the one before", async () => {
  const numbers: (number | undefined)[] = [];
  const clock = { now: 1_000 };
  const node = {
    subscribe: async ({ number }: SubscribeWish) => {
      numbers.push(number);
      return { kind: "subscribed", position: { epoch: "a", seq: 0 }, isKnown: false };
    },
    unsubscribe: async (_: SubscriberName, number?: number) => void numbers.push(number),
  };
  const life = () =>
    new SessionTopic(NAME, {
      subscriber: { kind: "session", name: "session" },
      at: () => node as unknown as TopicNode,
      region: () => undefined,
      timer: () => () => {},
      now: () => clock.now,
    });
  const first = life();
  await first.join();
  await first.leave();
  await first.join();
  clock.now += 100;
  await life().leave();
  clock.now += 100;
  await life().join();
  expect(numbers).toEqual([1_000, 1_001, 1_002, 1_100, 1_200]);
});
