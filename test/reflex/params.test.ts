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
});
