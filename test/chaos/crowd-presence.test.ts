import { describe, expect, it } from "vitest";
import { presentBy } from "./crowd-presence.ts";

describe("who is present in a crowd", () => {
  it("is each session with an open tab, once, with the number of its tabs", () => {
    expect(presentBy([{ who: "s1" }, { who: "s0" }, { who: "s1" }])).toEqual(["s1 2", "s0 1"]);
    expect(presentBy([])).toEqual([]);
  });
});
