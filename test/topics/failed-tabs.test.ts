import { describe, expect, it } from "vitest";
import { FailedTabs } from "../../durable-objects/failed-tabs.ts";
import { VirtualTime } from "../support/virtual-time.ts";

describe("a tab whose page fails", () => {
  it("is tried again after 1, 2, 4, 8 and 16 seconds, until it shows its page or has gone", () => {
    const time = new VirtualTime();
    const tried: number[] = [];
    let fails = 100;
    const tab = { isOpen: true };
    const failed: FailedTabs<typeof tab> = new FailedTabs(time.later, (one) => {
      tried.push(time.now);
      fails -= 1;
      failed.ended(one, fails < 0);
    });
    const begunAt = time.now;
    failed.ended(tab, false);
    failed.ended(tab, false);
    time.passUntil(time.now + 100_000);
    expect(tried.map((at) => at - begunAt)).toEqual([1_000, 3_000, 7_000, 15_000, 31_000]);
    failed.ended(tab, true);
    fails = 0;
    failed.ended(tab, false);
    time.passUntil(time.now + 100_000);
    expect(tried).toHaveLength(6);
    failed.ended(tab, false);
    tab.isOpen = false;
    time.passUntil(time.now + 100_000);
    expect(tried).toHaveLength(6);
  });
});
