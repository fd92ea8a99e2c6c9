import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Draft } from "../../src/state/draft.ts";
import { metaText, presenceList } from "../../src/topics/presence-list.ts";
import { TurnTopics } from "../../src/topics/turn-topics.ts";

const LISTED = JSON.stringify([
  { id: "a", meta: { name: "Ada", at: { x: 1 } }, tabs: 1, since: 5 },
  { id: "b", meta: null, tabs: 2, since: 6 },
]);

describe("who is present, as pages are told", () => {
  it("marks the session that asks, and says how many there are beyond those who are listed", () => {
    const list = presenceList({ count: 1_002, listed: LISTED }, "b");
    expect(list.map(({ id, isSelf }) => [id, isSelf])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(list.count).toBe(1_002);
    expect(list.length).toBe(2);
    expect(presenceList({ count: 2, listed: LISTED }).some(({ isSelf }) => isSelf)).toBe(false);
  });

  it("cannot be changed, since all pages of the session share it", () => {
    const list = presenceList({ count: 2, listed: LISTED });
    const { meta } = list[0] as { meta: { name: string; at: { x: number } } };
    expect(() => Object.assign(list, { 0: "x" })).toThrow(TypeError);
    expect(() => Object.assign(list, { count: 7 })).toThrow(TypeError);
    expect(() => Object.assign(list[1] ?? {}, { tabs: 7 })).toThrow(TypeError);
    expect(() => {
      meta.at.x = 2;
    }).toThrow(TypeError);
  });
});

describe("what is told of a visitor", () => {
  it("is JSON up to its bound, inclusive", () => {
    const text = "x".repeat(LIMITS.presenceChars - 2);
    expect(metaText("chat:7", text)).toBe(`"${text}"`);
    expect(metaText("chat:7", null)).toBe("null");
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const meta of [`${text}x`, undefined, () => 1, Symbol("x"), 1n, circle]) {
      expect(() => metaText("chat:7", meta)).toThrow(
        expect.objectContaining({ code: "topic-presence", message: expect.stringContaining('"chat:7"') }),
      );
    }
  });

  it("stays when the page looks at the same topic once more", () => {
    const store = { read: () => undefined, keys: () => [] };
    const topics = new TurnTopics(new Draft(store), store);
    topics.present("chat:7", { name: "Ada" });
    topics.present("chat:7", undefined);
    topics.subscribe("chat:7");
    topics.present("chat:8", undefined);
    expect([...topics.subscribed]).toEqual([
      ["chat:7", { presence: { meta: '{"name":"Ada"}' } }],
      ["chat:8", { presence: {} }],
    ]);
    topics.present("chat:7", null);
    expect(topics.subscribed.get("chat:7")).toEqual({ presence: { meta: "null" } });
  });
});
