import { describe, expect, it } from "vitest";
import { roughSize } from "../../src/state/rough-size.ts";

describe("the rough size of a value", () => {
  it.each([
    ["a pattern", new RegExp("x".repeat(1_000))],
    ["an error", new Error("x".repeat(1_000))],
    ["an error in a list", [new Error("x".repeat(1_000))]],
    ["a part of a buffer", new Uint8Array(new ArrayBuffer(1_000), 0, 1)],
  ])("is not less than what is hidden in %s", (_, value) => {
    expect(roughSize(structuredClone(value))).toBeGreaterThanOrEqual(1_000);
  });
});
