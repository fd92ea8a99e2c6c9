import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { depthOf, parentOf, regionName, regionOf, relayOf, topicOf } from "../../src/topics/node-name.ts";

const RELAY = relayOf("todos:4.2", "apac-ne", 3);
const DEEP = relayOf(RELAY, "apac-ne", 63);

describe("a node's name", () => {
  it("says its topic, the node above it, its depth and its region", () => {
    const facts = ["todos:4.2", RELAY, DEEP].map((name) => [
      topicOf(name),
      parentOf(name),
      depthOf(name),
      regionOf(name),
    ]);
    expect(facts).toEqual([
      ["todos:4.2", undefined, 0, undefined],
      ["todos:4.2", "todos:4.2", 1, "apac-ne"],
      ["todos:4.2", RELAY, 2, "apac-ne"],
    ]);
  });

  it("names no place for a region that the platform does not have", () => {
    expect(regionName("weur")).toBe("weur");
    for (const region of [undefined, "", "mars", "weur0", "constructor"])
      expect(regionName(region)).toBe("any");
    expect(regionOf(relayOf("t", "any", 12))).toBeUndefined();
  });

  it("is short enough for an object's name, however deep", () => {
    let name = "😀".repeat(LIMITS.topicNameChars / 2);
    for (let depth = 0; depth < LIMITS.relayDepth; depth += 1) name = relayOf(name, "apac-ne", 63);
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(1_024);
  });
});
