import { describe, expect, it } from "vitest";
import { ReflexElement } from "../../src/reflex/element.ts";

describe("ReflexElement", () => {
  it("names data attributes as the browser does", () => {
    const { dataset, id } = new ReflexElement([
      "p",
      { id: "a", "data-row-id": "1", "data-x-y-z": "2", "data-": "3", title: "t" },
    ]);
    expect({ ...dataset, id }).toEqual({ rowId: "1", xYZ: "2", "": "3", id: "a" });
  });

  it("has no name that was not sent, and keeps names of the language as data", () => {
    const attributes = JSON.parse('{"__proto__":"p","data-__proto__":"q","data-constructor":"c"}');
    const element = new ReflexElement(["p", attributes]);
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

  it("names data attributes as the browser does, whatever follows a hyphen", () => {
    const cases = { "data-a-1": "a-1", "data--a": "A", "data-a--b": "a-B", "data-a-": "a-", "data-aB": "aB" };
    const attributes = Object.fromEntries(Object.keys(cases).map((name) => [name, "x"]));
    expect(Object.keys(new ReflexElement(["p", attributes]).dataset)).toEqual(Object.values(cases));
  });

  it("tells what a control holds, an empty value and an unchecked box included", () => {
    const list = new ReflexElement(["select", {}, "", ["a", "b"]]);
    expect([list.tag, list.value, list.checked, list.values]).toEqual(["select", "", undefined, ["a", "b"]]);
    const box = new ReflexElement(["input", {}, "on", false]);
    expect([box.value, box.checked, box.values]).toEqual(["on", false, []]);
  });
});
