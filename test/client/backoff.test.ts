import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reconnectDelayMs } from "../../client/backoff.ts";

describe("reconnectDelayMs", () => {
  it("spreads evenly from nothing to a bound that doubles up to five seconds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, random) => {
          const bound = reconnectDelayMs(failures, 1);
          expect(bound).toBe(Math.min(5_000, 200 * 2 ** Math.min(failures, 16)));
          expect(reconnectDelayMs(failures, random)).toBeCloseTo(random * bound);
        },
      ),
    );
  });
});
