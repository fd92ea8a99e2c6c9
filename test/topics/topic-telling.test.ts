import { describe, expect, it } from "vitest";
import { SessionRegions } from "../../durable-objects/session-regions.ts";
import { SessionTopic } from "../../durable-objects/session-topic.ts";
import { TopicTelling } from "../../durable-objects/topic-telling.ts";
import type { Delivery, Item, Position, TopicNode } from "../../src/topics/topic-messages.ts";
import { PageTab, TopicPage } from "../support/topic-session.ts";
import { settled } from "../support/topic-time.ts";

const NAME = "topic";

function at(seq: number): Position {
  return { epoch: "a", seq };
}

function behind(from: number, to: number): Delivery {
  const items = Array.from({ length: to - from }, (_, index): Item => {
    const seq = from + 1 + index;
    const operations = [{ operation: "setValue", selector: "#x", value: String(seq) }];
    return { seq, published: { kind: "operations", operations } };
  });
  return { topic: NAME, node: NAME, epoch: "a", from, to, items };
}

function refuse(): never {
  throw new Error("Nothing here asks for that");
}

/** A tab whose page rests on a topic and was told up to a place; the topic answers what is asked of it when it is let. */
function scene(told: number) {
  const asked: { readonly seq: number; readonly answer: (delivery: Delivery) => void }[] = [];
  const since = ({ seq }: Position) =>
    new Promise<Delivery>((answer) => {
      asked.push({ seq, answer });
    });
  const topic = new SessionTopic(NAME, {
    subscriber: { kind: "session", name: "session" },
    // Of a node, these laws ask nothing else.
    at: () => ({ since }) as unknown as TopicNode,
    region: () => undefined,
    timer: () => () => {},
    now: () => 0,
  });
  const tab = new PageTab("tab", new TopicPage([NAME], 0));
  const rest = (seq: number) =>
    tab.topics.all.set(NAME, { page: {}, position: at(seq), streams: new Set<never>() });
  rest(told);
  const refresh = async () => {};
  /** While it is there, what follows a render waits in it. */
  const held: { runs?: (() => void)[] } = {};
  const behindRenders = (_: PageTab, run: () => void) =>
    held.runs === undefined ? run() : held.runs.push(run);
  const tabs = { open: [tab], away: [], refresh, behind: behindRenders };
  const showing = () => [];
  const isFollowed = () => false;
  const regions = new SessionRegions<PageTab>({
    ask: refuse,
    showing,
    isFollowed,
    log: refuse,
    again: refuse,
  });
  const telling = new TopicTelling<PageTab>(tabs, regions, () => undefined);
  return { asked, topic, tab, telling, rest, held };
}

describe("a tab that comes back with an earlier place while its topic is asked what it has missed", () => {
  it.each([
    ["as it is told", "tell"],
    ["as it is brought on", "bring"],
  ] as const)("is told all that lies behind that place: %s", async (_, way) => {
    const { asked, topic, tab, telling, rest } = scene(3);
    const told = way === "tell" ? telling.tell(tab, topic, behind(4, 5)) : telling.bring(tab, topic, at(5));
    await settled();
    rest(1);
    asked[0]?.answer(behind(3, 5));
    await settled();
    asked[1]?.answer(behind(1, 5));
    await told;
    expect(asked.map(({ seq }) => seq)).toEqual([3, 1]);
    expect(tab.page.operations).toEqual(["2", "3", "4", "5"]);
  });
});

describe("a tab that leaves while its topic is asked what it has missed", () => {
  it("is told all of that when it is here again, with what is rendered in between and what follows it", async () => {
    const { asked, topic, tab, telling } = scene(1);
    const told = telling.bring(tab, topic, at(5));
    await settled();
    tab.isOpen = false;
    const { items = [], ...delivery } = behind(1, 5);
    const touch = { seq: 4, published: { kind: "touch" } } as const;
    asked[0]?.answer({ ...delivery, items: items.map((item) => (item.seq === 4 ? touch : item)) });
    await told;
    expect(tab.topics.all.get(NAME)?.position).toEqual(at(1));
  });
});

describe("a tab that leaves before it was told its place", () => {
  it("is told what was broadcast behind that when it is here again, once", async () => {
    const { asked, topic, tab, telling, held } = scene(0);
    tab.topics.all.set(NAME, { page: {}, streams: new Set<never>() });
    held.runs = [];
    await telling.bring(tab, topic, at(3));
    await telling.tell(tab, topic, behind(3, 4));
    const { runs } = held;
    delete held.runs;
    tab.isOpen = false;
    for (const run of runs) run();
    tab.isOpen = true;
    const told = telling.bring(tab, topic, at(4));
    await settled();
    asked[0]?.answer(behind(3, 4));
    await told;
    expect([asked.map(({ seq }) => seq), tab.page.operations]).toEqual([[3], ["4"]]);
  });
});
