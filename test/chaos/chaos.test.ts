import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";
import { buildBoth } from "./builds.ts";
import { runChaos } from "./chaos.ts";

const CALLS = 1_000;

let browser: Browser;

beforeAll(async () => {
  buildBoth();
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe("calls of several tabs, with faults of every kind", () => {
  it.each([1, 2, 3])("run once and in order, settle and show, by seed %i", async (seed) => {
    const complaints: string[] = [];
    const complain = (what: string) => complaints.push(what);
    const { faults, ...report } = await runChaos(browser, { seed, calls: CALLS, complain });
    const quiet = { rejected: {}, healed: 0, lost: 0, doubled: 0, disordered: 0, unsettled: 0, diverged: 0 };
    expect(report, complaints.join("\n")).toEqual({ seed, calls: CALLS, ...quiet });
    expect(Object.entries(faults).filter(([, count]) => count === 0)).toEqual([]);
  });
});
