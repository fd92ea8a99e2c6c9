import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { FrameProxy, type Verdict } from "../support/proxy.ts";
import { launchBrowser, newVisitor } from "../support/site.ts";
import { buildBoth } from "./builds.ts";
import { runChaos } from "./chaos.ts";
import { ChaosTab } from "./chaos-tab.ts";
import { runMany } from "./many.ts";
import { Runtime } from "./runtime.ts";

const CALLS = 1_000;
const CROWD_CALLS = 200;

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

describe("many people on a few topics, with faults of every kind", () => {
  it("are told each broadcast once and in one order, and shown what a fresh request is answered and exactly who is present", async () => {
    const complaints: string[] = [];
    const complain = (what: string) => complaints.push(what);
    const seed = 1;
    const report = await runMany(browser, { seed, calls: CROWD_CALLS, complain });
    const quiet = { rejected: {}, lost: 0, doubled: 0, disordered: 0, unsettled: 0, diverged: 0, inexact: 0 };
    expect(report, [`seed ${seed}`, ...complaints].join("\n")).toMatchObject({
      ...quiet,
      sessions: 50,
      topics: 5,
      calls: CROWD_CALLS,
    });
    expect(report.said).toBeGreaterThan(CROWD_CALLS / 3);
    expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
  });
});

describe("a tab", () => {
  it("waits also for the calls that its page has from an earlier one, whose promises are gone", async () => {
    const runtime = await Runtime.start();
    const proxy = await FrameProxy.start(() => runtime.port);
    const visitor = await newVisitor(browser, proxy.url);
    const called = Promise.withResolvers<void>();
    const passed = Promise.withResolvers<void>();
    proxy.hooks.up = async (text): Promise<Verdict> => {
      if (!/^\[\d/.test(text)) return "forward";
      called.resolve();
      await passed.promise;
      return "forward";
    };
    try {
      const tab = await ChaosTab.open(visitor, { tab: "a", seed: 1, mostWaiting: 1 });
      const run = tab.run(1);
      await called.promise;
      await tab.reload();
      await run;
      expect(await tab.state()).toEqual({ issued: 1, waiting: 1, settled: [] });
      passed.resolve();
      await vi.waitFor(async () => expect((await tab.state()).waiting).toBe(0), { timeout: 20_000 });
      const ledger = await (await visitor.context.request.get("/ledger")).json();
      expect(ledger.lists).toEqual({ a: [1] });
    } finally {
      passed.resolve();
      await visitor.context.close();
      await proxy.stop();
      await runtime.stop();
    }
  });
});
