import { describe, expect, it } from "vitest";
import { MorphPlan } from "../../src/reflex/morph-plan.ts";

describe("MorphPlan", () => {
  it("morphs the page unless told otherwise, and selectors in their order", () => {
    const plan = new MorphPlan();
    expect(plan.morphs).toEqual({ kind: "page" });
    plan.page();
    plan.selector("#a", "1");
    plan.selector("#b", "2");
    expect(plan.morphs).toMatchObject({
      kind: "selectors",
      morphs: [{ selector: "#a" }, { selector: "#b" }],
    });
  });

  const contradictions: readonly (readonly [string, (plan: MorphPlan) => void])[] = [
    [
      "the page after nothing",
      (plan) => {
        plan.nothing();
        plan.page();
      },
    ],
    [
      "the page after a selector",
      (plan) => {
        plan.selector("#a", "");
        plan.page();
      },
    ],
    [
      "nothing after a selector",
      (plan) => {
        plan.selector("#a", "");
        plan.nothing();
      },
    ],
    [
      "a selector after nothing",
      (plan) => {
        plan.nothing();
        plan.selector("#a", "");
      },
    ],
    ["an empty selector", (plan) => plan.selector(" ", "")],
  ];
  it.each(contradictions)("refuses %s", (_, ask) => {
    expect(() => ask(new MorphPlan())).toThrow(TypeError);
  });
});
