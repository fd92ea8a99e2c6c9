import { describe, expect, it } from "vitest";
import { ReflexElement } from "../../src/reflex/element.ts";
import { MorphPlan } from "../../src/reflex/morph-plan.ts";
import { Params } from "../../src/reflex/params.ts";

describe("ReflexElement", () => {
  it("names data attributes as the browser does", () => {
    const { dataset, id } = new ReflexElement({
      tag: "p",
      attributes: { id: "a", "data-row-id": "1", "data-x-y-z": "2", "data-": "3", title: "t" },
    });
    expect({ ...dataset, id }).toEqual({ rowId: "1", xYZ: "2", "": "3", id: "a" });
  });

  it("has no name that was not sent, and keeps names of the language as data", () => {
    const attributes = JSON.parse('{"__proto__":"p","data-__proto__":"q","data-constructor":"c"}');
    const element = new ReflexElement({ tag: "p", attributes });
    expect(Reflect.get(element.attributes, "__proto__")).toBe("p");
    expect(Reflect.get(element.dataset, "__proto__")).toBe("q");
    expect(element.dataset.constructor).toBe("c");
    expect(element.dataset.toString).toBeUndefined();
    expect(Reflect.get({}, "p")).toBeUndefined();
  });

  it("is empty when the call came without an element", () => {
    const element = new ReflexElement(undefined);
    expect([element.tag, element.id, element.value, element.values]).toEqual(["", "", undefined, []]);
  });
});

describe("Params", () => {
  const params = new Params([
    ["a", "1"],
    ["b", ""],
    ["a", "2"],
  ]);
  it("gives the first value, all values, and none", () => {
    expect([
      params.get("a"),
      params.getAll("a"),
      params.get("b"),
      params.get("c"),
      params.getAll("c"),
    ]).toEqual(["1", ["1", "2"], "", undefined, []]);
    expect([params.has("b"), params.has("c"), params.size, [...params].length]).toEqual([true, false, 3, 3]);
  });
});

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
