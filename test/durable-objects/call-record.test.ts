import { describe, expect, it } from "vitest";
import { keptOf } from "../../durable-objects/call-record.ts";
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
