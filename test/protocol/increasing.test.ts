import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestIncreasing } from "../../src/protocol/increasing.ts";

/** The length of a longest increasing subsequence, by trying for each number every one before it. */
function longestLength(numbers: readonly number[]): number {
  const lengths: number[] = [];
  numbers.forEach((number, at) => {
    if (number < 0) return;
    const before = numbers
      .slice(0, at)
      .map((other, place) => (other >= 0 && other < number ? (lengths[place] ?? 0) : 0));
    lengths[at] = 1 + Math.max(0, ...before);
  });
  return Math.max(0, ...lengths.filter((length) => length !== undefined));
}

describe("longestIncreasing", () => {
  it("names places of increasing numbers, as many as there can be, and no negative one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 20 }), { maxLength: 30 }), (numbers) => {
        const chosen = [...longestIncreasing(numbers)]
          .sort((a, b) => a - b)
          .map((place) => numbers[place] ?? -1);
        expect(
          chosen.every((number, at) => number >= 0 && (at === 0 || number > (chosen[at - 1] ?? -1))),
        ).toBe(true);
        expect(chosen).toHaveLength(longestLength(numbers));
      }),
    );
  });
});
