import { describe, expect, it } from "vitest";
import { Params } from "../../src/reflex/params.ts";

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

  it("goes through its fields in their order, as often as asked", () => {
    const fields = [
      ["a", "1"],
      ["b", ""],
      ["a", "2"],
    ];
    expect([[...params], [...params]]).toEqual([fields, fields]);
  });

  it("has no name that was not sent, and is empty outside a form", () => {
    expect([params.get("constructor"), params.has("__proto__")]).toEqual([undefined, false]);
    expect([...new Params()]).toEqual([]);
  });
});
