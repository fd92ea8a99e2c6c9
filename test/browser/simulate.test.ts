import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { online, Site, stimulate } from "../support/site.ts";

let site: Site;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

async function simulate(page: Page, conditions: string): Promise<string> {
  return await page.evaluate(`import("/_reflex/simulate.js").then(
    (reflex) => reflex.simulate(${conditions}) ?? "done").catch((error) => error.message)`);
}

/** How long a call took, by the page's clock, in milliseconds. */
async function timeCall(page: Page): Promise<number> {
  const start = await page.evaluate(() => performance.now());
  expect(await stimulate(page, "Probe#tick")).toBe("done");
  return (await page.evaluate(() => performance.now())) - start;
}

describe("a simulated network", () => {
  it("delays what goes over the page's socket, until it is taken away", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    expect(await simulate(page, "{ latencyMs: 600 }")).toBe("done");
    await online(page);
    expect(await timeCall(page)).toBeGreaterThanOrEqual(600);
    await simulate(page, "");
    await online(page);
    expect(await timeCall(page)).toBeLessThan(600);
    await visitor.context.close();
  });

  it("loses messages with their connection, and the client loses no call", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await simulate(page, "{ latencyMs: 10, jitterMs: 10, loss: 0.05 }");
    // The first drop is the simulator's own: it changes the network.
    const calls: number = await page.evaluate(`(async () => {
      let [calls, drops] = [0, -1];
      const { documentElement } = document;
      new MutationObserver(() => {
        if (documentElement.getAttribute("data-reflex-connection") === "offline") drops += 1;
      }).observe(documentElement, { attributeFilter: ["data-reflex-connection"] });
      const { stimulate } = await import("/_reflex/client.js");
      while (drops < 3 && calls < 1_000) {
        await Promise.all([stimulate("Probe#tick"), stimulate("Probe#tick")]);
        calls += 2;
      }
      return calls;
    })()`);
    expect(calls).toBeLessThan(1_000);
    expect(await page.textContent("#ticks")).toBe(String(calls));
    await visitor.context.close();
  });

  it.each(["{ latencyMs: -1 }", "{ loss: 2 }", "{ jitterMs: Infinity }", "{ latency: 300 }"])(
    "is refused when there is none like it, and says what there is: %s",
    async (conditions) => {
      const visitor = await site.visitor();
      const page = await visitor.open("/calls");
      expect(await simulate(page, conditions)).toContain("expected latencyMs and jitterMs of 0 to 60000 ms");
      await visitor.context.close();
    },
  );
});
