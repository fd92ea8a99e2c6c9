import { describe, expect, it } from "vitest";
import { StaleTabs } from "../../durable-objects/stale-tabs.ts";
import { TurnQueue } from "../../src/turn/turn-queue.ts";

describe("tabs that are to be brought up to date", () => {
  it("wait for none of the others, whatever comes of what is done behind those", async () => {
    const refreshed: string[] = [];
    const failures: unknown[] = [];
    const stale = new StaleTabs<string>({
      queue: new TurnQueue(),
      refresh: async (tab) => void refreshed.push(tab),
      rested: () => {},
      waitUntil: (turn) => void turn.catch((cause) => failures.push(cause)),
    });
    const one = stale.add("one");
    stale.behind("one", () => {
      throw new Error("it cannot be sent");
    });
    await Promise.all([one, stale.add("two")]);
    expect([refreshed, failures.map(String)]).toEqual([["one", "two"], ["Error: it cannot be sent"]]);
  });
});
