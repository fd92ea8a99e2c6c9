import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { domId } from "../../src/reflex/dom-id.ts";
import { ElementValueError, ReflexElement } from "../../src/reflex/element.ts";

const withData = (text: string) => new ReflexElement(["b", { "data-x": text }]);

describe("the number of an element", () => {
  it.each([
    ["1", 1],
    [" -2.5 ", -2.5],
    ["1e3", 1000],
    ["0", 0],
    [".5", 0.5],
  ])("is what its attribute says: %j", (text, number) => {
    expect(withData(text).numeric("x")).toBe(number);
  });

  it.each(["", " ", "one", "1,5", "1 2", "NaN", "Infinity", "1e999", "--1"])(
    "is refused where the attribute says none: %j",
    (text) => {
      expect(() => withData(text).numeric("x")).toThrow(ElementValueError);
      expect(() => withData(text).numeric("x")).toThrow(
        `The "x" of the element <b> is ${JSON.stringify(text)}`,
      );
    },
  );

  it("is refused where the call has no element, saying so", () => {
    expect(() => new ReflexElement(undefined).numeric("step")).toThrow(
      'The "step" of the call, which names no element, is not there; expected a number, such as data-step="2"',
    );
  });

  it("is refused where there is no such attribute, saying what to write", () => {
    expect(() => withData("1").numeric("rows")).toThrow(
      /is not there; expected a number, such as data-rows="2"/,
    );
  });

  it("comes out as it went in", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(number, (number) => withData(String(number)).numeric("x") === number));
  });
});

describe("the truth of an element", () => {
  it.each(["", "0", "f", "F", "false", "FALSE", "off", "OFF"])("is false for %j", (text) => {
    expect(withData(text).boolean("x")).toBe(false);
  });

  it.each(["1", "t", "true", "yes", "on", "no", "False", " "])("is true for %j", (text) => {
    expect(withData(text).boolean("x")).toBe(true);
  });

  it("is false where there is nothing", () => {
    expect([withData("1").boolean("y"), new ReflexElement(undefined).boolean("x")]).toEqual([false, false]);
  });

  it("is what HTML means by an attribute that is only there, and what the box shows by checked", () => {
    const attributes = { disabled: "", "aria-expanded": "false", checked: "" };
    const box = new ReflexElement(["input", attributes, "on", false]);
    expect(["disabled", "aria-expanded", "checked", "hidden"].map((name) => box.boolean(name))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a value of an element", () => {
  it("is found by the name in the dataset, or as an attribute writes it", () => {
    const element = new ReflexElement(["b", { "data-row-id": "7", title: "8" }]);
    for (const name of ["rowId", "row-id", "row_id", "data-row-id"]) expect(element.numeric(name)).toBe(7);
    expect(element.numeric("title")).toBe(8);
  });

  it("is what data- says before what the control holds, and that before its attribute", () => {
    const live = new ReflexElement(["input", { value: "1" }, "2"]);
    expect(live.numeric("value")).toBe(2);
    expect(new ReflexElement(["input", { "data-value": "3" }, "2"]).numeric("value")).toBe(3);
  });

  it("may be JSON, which anybody may have written", () => {
    expect(withData('{"id":[1]}').unsigned("x")).toEqual({ id: [1] });
    expect([withData("{").unsigned("x"), withData("1").unsigned("y")]).toEqual([undefined, undefined]);
  });

  it("is verified before it is given, and looked for nowhere when there is none", async () => {
    const asked: unknown[] = [];
    const verify = async (...given: readonly unknown[]) => {
      asked.push(given);
      return 45;
    };
    const element = new ReflexElement(["b", { "data-post": "text" }], {}, verify);
    expect(await element.signed("post", { purpose: "edit" })).toBe(45);
    expect(await element.signed("gone")).toBeUndefined();
    expect(asked).toEqual([["text", { purpose: "edit" }]]);
    await expect(withData("text").signed("x")).rejects.toThrow("in a session object");
  });
});

describe("what a page collects for an element", () => {
  it("adds to its dataset, where its own values win", () => {
    const dataset = { "data-row-id": "other", "data-group": "g", "data-__proto__": "p", title: "no" };
    const element = new ReflexElement(["b", { "data-row-id": "own" }], { dataset });
    expect(Object.entries(element.dataset)).toEqual([
      ["rowId", "own"],
      ["group", "g"],
      ["__proto__", "p"],
    ]);
    expect(element.dataset.title).toBeUndefined();
  });

  it("comes as lists, by the names of the dataset", () => {
    const { datasetAll } = new ReflexElement(["b", {}], { datasetAll: { "data-post-id": ["1", "2"] } });
    expect(datasetAll.postId).toEqual(["1", "2"]);
    expect(datasetAll.constructor).toBeUndefined();
    expect(new ReflexElement(["b", { "data-x": "1" }]).datasetAll.x).toBeUndefined();
  });

  it("is what is checked of all boxes of its name, and never takes the place of what a list has selected", () => {
    const values = ["a", "c"];
    const box = new ReflexElement(["input", { name: "tags" }, "c", true], { values });
    expect([box.value, box.checked, box.values]).toEqual(["c", true, values]);
    expect(new ReflexElement(["select", {}, "x", ["x"]], { values }).values).toEqual(["x"]);
  });

  it("is its HTML and text, where it asks for them", () => {
    const { html, text } = new ReflexElement(["b", {}], { html: "<i>a</i>", text: "a" });
    expect([html, text]).toEqual(["<i>a</i>", "a"]);
    expect(withData("").html).toBeUndefined();
  });
});

describe("the id of an element for a thing", () => {
  const ids: readonly (readonly [Parameters<typeof domId>, string])[] = [
    [["post", 45], "post_45"],
    [["post", { id: "a-1" }], "post_a-1"],
    [["post", { id: 45 }, "edit"], "edit_post_45"],
    [["post"], "new_post"],
    [["post", {}], "new_post"],
    [["post", null, "edit"], "edit_new_post"],
    [["post", 0], "post_0"],
    [["post", "a b.c"], "post_a-x20-b-x2e-c"],
    [["post", "ü😀"], "post_-xfc--x1f600-"],
  ];
  it.each(ids)("says what it is for: %j is %s", (given, id) => {
    expect(domId(...given)).toBe(id);
  });

  it("needs no escape in a selector, whatever the thing's id", () => {
    const text = fc.array(fc.nat(0x10ffff), { maxLength: 8 }).map((codes) => String.fromCodePoint(...codes));
    fc.assert(fc.property(text, (id) => /^post_[\w-]*$/.test(domId("post", id))));
  });

  it.each(["", "1st", "-a", "_a"])("is refused without a letter in front: %j", (name) => {
    expect(() => domId(name, 1)).toThrow(/expected one that begins with a letter/);
  });
});
