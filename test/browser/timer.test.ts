import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rung, startTimer } from "../support/kitchen.ts";
import { Site, type Visitor } from "../support/site.ts";

// The cases run side by side, each with a visitor of its own: nearly all of their time is that of timers.
describe.concurrent("the page of the timers", () => {
  let site: Site;

  beforeAll(async () => {
    site = await Site.start("showcase");
  });
  afterAll(() => site.stop());

  /** A case with a visitor, of whose pages nothing is complained. */
  const visited = (act: (visitor: Visitor) => Promise<void>) => async () => {
    const visitor = await site.visitor();
    await act(visitor);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  };

  it(
    "counts down and shows in every tab what rings, when it is due",
    visited(async (visitor) => {
      const page = await visitor.open("/timer");
      const other = await visitor.open("/timer");
      await startTimer(page, "Tea");
      await page.waitForFunction(() =>
        /^0:0[1-3]$/.test(document.querySelector("output")?.textContent ?? ""),
      );
      for (const tab of [page, other]) {
        const [line] = await rung(tab, "Tea");
        expect(line).toMatch(/^Tea rang, \d{1,4} ms after its time$/);
        expect(await tab.locator("#running li").count()).toBe(0);
      }
    }),
  );

  it(
    "rings while no page is open, and says so to the next",
    visited(async (visitor) => {
      const page = await visitor.open("/timer");
      await startTimer(page, "Egg");
      await page.close();
      const next = await visitor.open("/counter");
      // Asked without a socket: nothing but the alarm has the timer run.
      await vi.waitFor(
        async () =>
          expect(await (await visitor.context.request.get("/timer")).text()).toContain("<b>Egg</b> rang"),
        { timeout: 20_000 },
      );
      await next.goto("/timer");
      expect(await rung(next, "Egg")).toEqual([expect.stringMatching(/^Egg rang while you were away, /)]);
    }),
  );

  it(
    "has several at a time, and those that are stopped do not ring",
    visited(async (visitor) => {
      const page = await visitor.open("/timer");
      await startTimer(page, "Rice", "300");
      await startTimer(page, "Stopped");
      await page.locator("#running li", { hasText: "Stopped" }).locator("button").click();
      await page.locator("#running li", { hasText: "Stopped" }).waitFor({ state: "detached" });
      await startTimer(page, "First");
      await startTimer(page, "Second");
      const lines = await rung(page, "Second");
      expect(lines.map((line) => line.split(" ")[0])).toEqual(["Second", "First"]);
      expect(await page.locator("#running li").allTextContents()).toEqual([expect.stringContaining("Rice")]);
      await page.click("#forget");
      await page.locator("#rung li").first().waitFor({ state: "detached" });
    }),
  );

  it(
    "lets no browser ring a timer",
    visited(async (visitor) => {
      const page = await visitor.open("/timer");
      const code = await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
      stimulate("Kitchen#ring", undefined, 1).then(() => "done", (error) => error.code))`);
      expect(code).toBe("private-action");
    }),
  );
});
