import { describe, expect, it } from "vitest";
import { differences, presentBy } from "./crowd-presence.ts";

describe("who is present in a crowd", () => {
  it("is each session with an open tab, once, with the number of its tabs", () => {
    expect(presentBy([{ who: "s1" }, { who: "s0" }, { who: "s1" }])).toEqual(["s1 2", "s0 1"]);
    expect(presentBy([])).toEqual([]);
  });

  it("is seen exactly by who sees the same, in any order", () => {
    expect(
      differences(
        [
          ["s0a", ["s1 1", "s0 2"]],
          ["The topic", ["s0 2", "s1 1"]],
        ],
        ["s0 2", "s1 1"],
      ),
    ).toEqual([]);
  });

  it.each([
    ["somebody is missing", ["s0 2"]],
    ["somebody has gone", ["s0 2", "s1 1", "s2 1"]],
    ["somebody is there twice", ["s0 2", "s1 1", "s1 1"]],
    ["a tab is missing", ["s0 1", "s1 1"]],
    ["nothing is known", undefined],
  ])("is not seen exactly where %s", (_, seen) => {
    const [difference, ...others] = differences(
      [
        ["s0a", seen],
        ["s0b", ["s0 2", "s1 1"]],
      ],
      ["s0 2", "s1 1"],
    );
    expect(difference).toMatch(/^s0a sees as present/);
    expect(others).toEqual([]);
  });
});
