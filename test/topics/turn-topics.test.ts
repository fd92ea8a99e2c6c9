import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Draft } from "../../src/state/draft.ts";
import { OUTBOX_KEY } from "../../src/topics/outbox.ts";
import { TopicError } from "../../src/topics/topic-error.ts";
import { TurnTopics } from "../../src/topics/turn-topics.ts";

function topicsOver(values: ReadonlyMap<string, unknown> = new Map()) {
  const stored = { read: (key: string) => structuredClone(values.get(key)), keys: () => values.keys() };
  const draft = new Draft(stored);
  return { draft, topics: new TurnTopics(draft, stored) };
}

describe("the topics of a turn", () => {
  it("are published in their order, numbered behind those of the session that wait", () => {
    const waiting = [{ number: 4, topic: "a", published: { kind: "touch" } }];
    const { draft, topics } = topicsOver(new Map([[OUTBOX_KEY, { last: 4, waiting }]]));
    topics.touch("b");
    topics.broadcast("a", [{ operation: "remove", selector: "#x" }]);
    expect(topics.take(true).map(({ number, topic }) => [number, topic])).toEqual([
      [5, "b"],
      [6, "a"],
    ]);
    expect(draft.read(OUTBOX_KEY)).toMatchObject({
      last: 6,
      waiting: [{ number: 4 }, { number: 5 }, { number: 6 }],
    });
  });

  it("are touched once, however often a turn says so", () => {
    const { topics } = topicsOver();
    for (let count = 0; count < 1_000; count += 1) topics.touch("a");
    topics.touch("a", { changed: ["title"] });
    expect(topics.take(true).map(({ published }) => published)).toEqual([
      { kind: "touch" },
      { kind: "touch", changed: ["title"] },
    ]);
  });

  it("say what has changed by so many names, and no longer ones", () => {
    const { topics } = topicsOver();
    const names = (count: number) => Array.from({ length: count }, (_, at) => `name ${at}`);
    topics.touch("a", { changed: [...names(LIMITS.changedNames), "name 0"] });
    topics.touch("a", { changed: ["x".repeat(LIMITS.changedNameChars)] });
    expect(() => topics.touch("a", { changed: names(LIMITS.changedNames + 1) })).toThrow(
      /at most 64 of 100, or none/,
    );
    expect(() => topics.touch("a", { changed: ["x".repeat(LIMITS.changedNameChars + 1)] })).toThrow(
      TopicError,
    );
    expect(topics.take(true)).toHaveLength(2);
  });

  it("write nothing where nothing is published, or nothing is committed", () => {
    const { draft, topics } = topicsOver();
    expect(topics.take(true)).toEqual([]);
    topics.touch("a");
    expect(topics.take(false)).toMatchObject([{ number: 0, topic: "a" }]);
    expect(draft.changes.size).toBe(0);
  });

  it("have names that can be told from those of relays, and say what a name is", () => {
    const { topics } = topicsOver();
    const long = "x".repeat(LIMITS.topicNameChars);
    for (const name of ["todos:42", "a/b.c@d", "räume:1", long]) topics.subscribe(name);
    expect([...topics.subscribed.keys()]).toHaveLength(4);
    const wrong: unknown[] = ["", "a b", "a#1", "a\n", `${long}x`, 7, undefined, null, {}];
    for (const name of wrong) {
      expect(() => topics.subscribe(name as string)).toThrow(TopicError);
      expect(() => topics.touch(name as string)).toThrow(/expected 1 to 200 characters such as "todos:42"/);
    }
  });

  it("are bounded: topics of a page, publications of a turn, their size, and what waits", () => {
    const { topics } = topicsOver();
    for (let count = 0; count < LIMITS.pageTopics; count += 1) topics.subscribe(`t:${count}`);
    topics.subscribe("t:0", { presence: { meta: "1" } });
    expect(() => topics.subscribe("t:16")).toThrow(/16 topics already/);
    const large = [{ operation: "consoleLog", message: "x".repeat(LIMITS.publicationChars) }];
    expect(() => topics.broadcast("a", large)).toThrow(/expected at most 100000: touch the topic/);
    for (let count = 0; count < LIMITS.turnPublications; count += 1) topics.touch(`t:${count}`);
    expect(() => topics.touch("one:more")).toThrow(/one topic too many/);
    const waiting = Array.from({ length: LIMITS.outbox }, (_, number) => ({
      number,
      topic: "a",
      published: { kind: "touch" },
    }));
    const full = topicsOver(new Map([[OUTBOX_KEY, { last: 256, waiting }]])).topics;
    full.touch("a");
    expect(() => full.take(true)).toThrow(/more than its topics have taken: 257/);
  });
});
