import { describe, expect, it } from "vitest";
import { MorphPlan } from "../../src/reflex/morph-plan.ts";
import { html } from "../../src/render/view.ts";

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

  const base = new URL("https://site.example/page?x=1");
  const ordered = (...orders: readonly (readonly unknown[])[]) => {
    const plan = new MorphPlan();
    for (const order of orders) plan.order(order, base);
    return plan.morphs;
  };

  it("takes a record of contents by selectors, in its order, and more behind it", () => {
    expect(ordered([{ "#a": "1", "#b": null }], ["#c", ""])).toEqual({
      kind: "selectors",
      morphs: [
        { selector: "#a", content: "1" },
        { selector: "#b", content: null },
        { selector: "#c", content: "" },
      ],
    });
  });

  it("says what is missing of a record that names nothing, and of what is no record", () => {
    expect(() => ordered([{}])).toThrow(/names no selector/);
    expect(() => ordered([html`<b></b>`])).toThrow(/has no content; expected "page"/);
    expect(() => ordered([null])).toThrow(/has no content/);
  });

  const orders: Readonly<Record<string, readonly unknown[]>> = {
    page: ["page"],
    "other page": ["page", { url: "/other" }],
    nothing: ["nothing"],
    selector: ["#a", ""],
    record: [{ "#a": "" }],
  };
  const may: Readonly<Record<string, readonly string[]>> = {
    page: ["page", "other page", "nothing", "selector", "record"],
    "other page": ["page", "other page", "nothing", "selector", "record"],
    nothing: ["nothing"],
    selector: ["selector", "record"],
    record: ["selector", "record"],
  };
  const pairs = Object.keys(orders).flatMap((first) =>
    Object.keys(orders).map((second) => [first, second] as const),
  );
  it.each(pairs)("knows what may follow: on %s %s", (first, second) => {
    const ask = () => ordered(orders[first] ?? [], orders[second] ?? []);
    if (may[first]?.includes(second)) expect(ask).not.toThrow();
    else expect(ask).toThrow(/was asked for .* after it was asked for/);
  });

  it("renders the page of another address of the site, against that of the tab's page", () => {
    const urlOf = (url: unknown) => {
      const morphs = ordered(["page", { url }]);
      return morphs.kind === "page" ? morphs.url?.href : morphs;
    };
    expect(urlOf("/cart?a=1")).toBe("https://site.example/cart?a=1");
    expect(urlOf("?a=1")).toBe("https://site.example/page?a=1");
    expect(urlOf(new URL("/cart", base))).toBe("https://site.example/cart");
    expect(urlOf(undefined)).toBeUndefined();
    expect(ordered(["page", undefined])).toEqual({ kind: "page" });
  });

  it.each([
    "https://other.example/",
    "//other.example/",
    "javascript:alert(1)",
    "http://site.example/",
    "/..//x",
  ])("refuses an address of another site: %s", (url) => {
    expect(() => ordered(["page", { url }])).toThrow(/expected an address of https:\/\/site.example/);
  });

  it("takes an element's name for one when content comes with it", () => {
    expect(ordered(["page", "content"])).toMatchObject({ kind: "selectors", morphs: [{ selector: "page" }] });
    expect(ordered(["page", html`<b></b>`])).toMatchObject({ kind: "selectors" });
  });
});
