import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rung, startTimer } from "../support/kitchen.ts";
import { freePort, Server } from "../support/server.ts";
import { launchBrowser, newVisitor, online, shows } from "../support/site.ts";

/** How long a killed server may take to be back, in milliseconds, where others use the machine too. */
const PATIENCE_MS = 60_000;

let server: Server;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "edge-reflex-restart-"));
  server = new Server(await freePort(), directory);
  [browser] = await Promise.all([launchBrowser(), server.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

describe("the server, killed and started again", () => {
  it("finds its open pages coming back by themselves, with their count", async () => {
    const visitor = await newVisitor(browser, server.url);
    const page = await visitor.open("/counter");
    await page.click("#increment");
    await page.click("#increment");
    await shows(page, "#count", "2");
    await server.kill();
    await page.locator('html[data-reflex-connection="offline"]').waitFor({ state: "attached" });
    await server.start();
    await online(page);
    expect(await page.textContent("#count")).toBe("2");
    await page.click("#increment");
    await shows(page, "#count", "3");
    await page.reload();
    expect(await page.textContent("#count")).toBe("3");
  });

  it(
    "runs once what a timer was set for before, with its page open",
    async () => {
      const visitor = await newVisitor(browser, server.url);
      const page = await visitor.open("/timer");
      page.setDefaultTimeout(PATIENCE_MS);
      await startTimer(page, "Tea");
      await startTimer(page, "Rice", "10");
      await server.kill();
      await page.locator('html[data-reflex-connection="offline"]').waitFor({ state: "attached" });
      await server.start();
      await online(page);
      const lines = await rung(page, "Rice");
      expect(lines.map((line) => line.split(" ")[0])).toEqual(["Rice", "Tea"]);
      expect(await page.locator("#running li").count()).toBe(0);
      await visitor.context.close();
    },
    PATIENCE_MS,
  );

  it(
    "runs once what a timer was set for before, with no page open",
    async () => {
      const visitor = await newVisitor(browser, server.url);
      const page = await visitor.open("/timer");
      await startTimer(page, "Egg");
      await page.close();
      await server.kill();
      await server.start();
      const next = await visitor.context.newPage();
      next.setDefaultTimeout(PATIENCE_MS);
      await next.goto("/timer");
      const [line = "", ...others] = await rung(next, "Egg");
      expect(line).toMatch(/^Egg rang/);
      expect(others).toEqual([]);
      await visitor.context.close();
    },
    PATIENCE_MS,
  );
});
