import { describe, expect, it } from "vitest";
import { keptOf, recordAfter } from "../../durable-objects/call-record.ts";
import { apart, type TabRecord } from "../../durable-objects/tab-record.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";

const LARGE = "x".repeat(LIMITS.keptReplyChars / 2);

describe("what is kept of an answer", () => {
  it.each<[string, Update]>([
    ["operations", ["op", "setTitle", { title: LARGE }]],
    ["morphs", ["inner", "#log", LARGE]],
  ])("says whatever becomes of too many %s what its caller and its browser have to know", (_, large) => {
    const errand: Update = ["errand", "ticket"];
    const end = { kind: "done", templates: [], shown: undefined } as const;
    expect(keptOf(3, { ...end, updates: [errand, large, ["visit", "/home"]], payload: { total: 1 } })).toBe(
      '[3,{"payload":{"total":1}},["errand","ticket"],["visit","/home"]]',
    );
    expect(keptOf(3, { ...end, outcome: "nothing", updates: [large] })).toBe('[3,"nothing"]');
    expect(keptOf(3, { ...end, updates: [large] })).toBeUndefined();
  });
});

/** What is known of a page load that was answered so, and has acknowledged nothing. */
function recordOf(texts: readonly string[]): TabRecord {
  let record: TabRecord | undefined;
  const rest = { sent: 0, digest: "", last: undefined, isOver: false };
  for (const [index, kept] of texts.entries())
    record = recordAfter(record, { number: index + 1, kept, ...rest }, { low: 0, unsaved: new Map() });
  if (record === undefined) throw new Error("Nothing was answered");
  return record;
}

const payload = { text: "x".repeat(LIMITS.payloadChars - 20) };

/** One answer of each kind, with more to say than can be kept of several. */
const textOf = (number: number) =>
  [
    JSON.stringify([number, { outcome: "halted", payload }, ["errand", "ticket"]]),
    JSON.stringify(["e", number, "reflex-failed", "It failed", "id", payload]),
    JSON.stringify([number, { payload }, ["op", "setTitle", { title: "x" }], ["visit", "/home"]]),
  ][number % 3] ?? "";

const leastOf = (number: number) =>
  [
    JSON.stringify([number, "halted", ["errand", "ticket"]]),
    JSON.stringify(["e", number, "reflex-failed", "It failed", "id"]),
    JSON.stringify([number, ["visit", "/home"]]),
  ][number % 3] ?? "";

describe("what is kept of many answers that nobody acknowledges", () => {
  const record = recordOf(Array.from({ length: 30 }, (_, index) => textOf(index + 1)));

  it("says of each how it ended, whatever of their payloads has no room", () => {
    expect(record.replies.size).toBe(30);
    for (const [number, text] of record.replies) expect([textOf(number), leastOf(number)]).toContain(text);
    expect([...record.replies.values()].join("").length).toBeLessThanOrEqual(LIMITS.keptReplyChars);
    expect([...record.replies].some(([number, text]) => text === textOf(number))).toBe(true);
  });

  it("says so too in a row of its own", () => {
    const { replies } = apart(record);
    expect(replies.size).toBe(30);
    expect([...replies.values()].join("").length).toBeLessThanOrEqual(LIMITS.apartReplyChars);
  });
});
