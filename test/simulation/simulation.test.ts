import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Agenda } from "./agenda.ts";
import { simulate } from "./simulation.ts";

const QUIET = { loss: 0, kills: 0 };

describe("the agenda", () => {
  it("has what is due happen in its order, and what was asked for first before others of the same moment", async () => {
    const agenda = new Agenda();
    const moments = [3, 1, 2, 1, 0, 3];
    const happened: string[] = [];
    for (const [index, moment] of moments.entries())
      agenda.at(moment, () => happened.push(`${moment} ${index}`));
    expect(await agenda.passUntil(10)).toBe(false);
    expect(happened).toEqual(["0 4", "1 1", "1 3", "2 2", "3 0", "3 5"]);
    expect(agenda.now).toBe(10);
  });

  it("has what settles go on before time passes", async () => {
    const agenda = new Agenda();
    const seen: number[] = [];
    const run = async () => {
      await agenda.wait(1);
      await Promise.resolve();
      seen.push(agenda.now);
      await agenda.wait(5);
      seen.push(agenda.now);
    };
    void run();
    agenda.at(3, () => seen.push(3));
    await agenda.passUntil(10);
    expect(seen).toEqual([1, 3, 6]);
  });

  it("leaves what is due later for later", async () => {
    const agenda = new Agenda();
    let hasHappened = false;
    agenda.at(5, () => {
      hasHappened = true;
    });
    expect(await agenda.passUntil(4)).toBe(true);
    expect(hasHappened).toBe(false);
  });
});

describe("a simulated topic", () => {
  it("tells everybody every change once, whatever is lost and killed", async () => {
    const options = fc.record({
      subscribers: fc.integer({ min: 1, max: 400 }),
      changes: fc.integer({ min: 1, max: 40 }),
      rate: fc.integer({ min: 1, max: 40 }),
      loss: fc.double({ min: 0, max: 0.1, noNaN: true }),
      kills: fc.integer({ min: 0, max: 6 }),
      seed: fc.nat(),
      // Narrow nodes, so that a few hundred subscribers need several levels of relays.
      bounds: fc.record({
        subscribers: fc.integer({ min: 4, max: 40 }),
        relays: fc.integer({ min: 1, max: 8 }),
      }),
    });
    const law = fc.asyncProperty(options, async (options) => {
      const { lost, doubled, published } = await simulate(options);
      expect({ lost, doubled, published }).toEqual({ lost: 0, doubled: 0, published: options.changes });
    });
    await fc.assert(law, { numRuns: 25 });
  }, 60_000);

  it("tells a quiet crowd everything by one call for each and change, and one row for each change", async () => {
    const report = await simulate({ ...QUIET, subscribers: 200, changes: 20, rate: 1, seed: 1 });
    expect(report).toMatchObject({ nodes: [1], told: 4_000, afresh: 0, dropped: 0, lostCalls: 0 });
    // One call to publish, and one to each.
    expect(report.callsPerChange).toBeGreaterThanOrEqual(201);
    expect(report.callsPerChange).toBeLessThan(202);
    expect(report.rowsPerChange).toBeLessThan(1.5);
  });

  it("sends those whom the root does not take to relays, which each take as many as they may", async () => {
    const bounds = { subscribers: 20, relays: 8 };
    const report = await simulate({ ...QUIET, subscribers: 400, changes: 4, rate: 1, seed: 1, bounds });
    expect(report.subscribersAt.reduce((sum, count) => sum + count, 0)).toBe(400);
    expect(report.subscribersAt[0]).toBe(20);
    expect(report.nodes.length).toBeGreaterThan(2);
    report.subscribersAt.forEach((count, level) => {
      expect(count).toBeLessThanOrEqual(20 * (report.nodes[level] ?? 0));
    });
    // One for each subscriber, one for each relay, and one to publish.
    const relays = report.nodes.reduce((sum, count) => sum + count, 0) - 1;
    expect(report.callsPerChange).toBeGreaterThanOrEqual(400 + relays + 1);
    expect(report.callsPerChange).toBeLessThan(1.2 * (400 + relays + 1));
  });

  it("stands for all by a sample", async () => {
    const bounds = { subscribers: 8, relays: 16 };
    const options = { ...QUIET, subscribers: 5_000, changes: 2, rate: 1, seed: 1, bounds };
    const [whole, sampled] = [await simulate(options), await simulate({ ...options, sample: 4 })];
    expect(sampled.sampled).toBeLessThan(2_500);
    expect(sampled.lost).toBe(0);
    const nodes = (report: typeof whole) => report.nodes.reduce((sum, count) => sum + count, 0);
    expect(sampled.callsPerChange / whole.callsPerChange).toBeGreaterThan(0.9);
    expect(sampled.callsPerChange / whole.callsPerChange).toBeLessThan(1.1);
    expect(nodes(sampled) / nodes(whole)).toBeGreaterThan(0.9);
    expect(nodes(sampled) / nodes(whole)).toBeLessThan(1.1);
    // A few hundred stand for all regions, which are as far from the root as they happen to be.
    expect(sampled.latencyMs.p50 / whole.latencyMs.p50).toBeGreaterThan(0.6);
    expect(sampled.latencyMs.p50 / whole.latencyMs.p50).toBeLessThan(1.6);
  }, 30_000);

  it("tells several changes by one call where they come faster than calls", async () => {
    const report = await simulate({ ...QUIET, subscribers: 200, changes: 60, rate: 60, seed: 1 });
    expect(report.told).toBe(12_000);
    expect(report.callsPerChange).toBeLessThan(100);
  });

  it("is the same for the same seed", async () => {
    const options = { subscribers: 60, changes: 20, rate: 20, loss: 0.05, kills: 3, seed: 7 };
    expect(await simulate(options)).toEqual(await simulate(options));
  });
});
