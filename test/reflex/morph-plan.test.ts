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
  it("keeps what was asked for first when a contradiction is refused", () => {
    const plan = new MorphPlan();
    plan.selector("#a", "1");
    expect(() => plan.nothing()).toThrow(/asked for nothing after it was asked for selectors/);
    expect(() => plan.selector("", "2")).toThrow(/got the selector ""; expected one such as "#cart"/);
    expect(plan.morphs).toEqual({ kind: "selectors", morphs: [{ selector: "#a", content: "1" }] });
  });

  it("may be told twice to do nothing, or the page", () => {
    const plan = new MorphPlan();
    plan.page();
    plan.page();
    plan.nothing();
    plan.nothing();
    expect(plan.morphs).toEqual({ kind: "nothing" });
  });

  it.each(contradictions)("refuses %s", (_, ask) => {
    expect(() => ask(new MorphPlan())).toThrow(TypeError);
  });
});
