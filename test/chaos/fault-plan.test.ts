import { describe, expect, it } from "vitest";
import { FaultPlan, noFaults } from "./fault-plan.ts";
import { Random } from "./random.ts";

/** What a plan makes of so many calls. */
function planOf(seed: number, calls: number): (string | undefined)[] {
  const plan = new FaultPlan(new Random(seed));
  return Array.from({ length: calls }, () => plan.next(true));
}

describe("a plan of faults", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(planOf(7, 500)).toEqual(planOf(7, 500));
    expect(planOf(8, 500)).not.toEqual(planOf(7, 500));
  });

  it("keeps what is for calls until one comes", () => {
    const plan = new FaultPlan(new Random(7));
    const others = Array.from({ length: 10_000 }, () => plan.next(false)).filter(
      (kind) => kind !== undefined,
    );
    expect(others).not.toContain("duplicate");
    expect(others).not.toContain("half-open");
    expect(["duplicate", "half-open"]).toContain(plan.next(true));
  });

  it("makes at least 500 faults in 10,000 calls, and every kind in 1,000", () => {
    for (const seed of [1, 2, 3]) {
      expect(planOf(seed, 10_000).filter((kind) => kind !== undefined).length).toBeGreaterThanOrEqual(500);
      const kinds = new Set(planOf(seed, 1_000));
      expect(Object.keys(noFaults()).filter((kind) => !kinds.has(kind))).toEqual([]);
    }
  });
});
