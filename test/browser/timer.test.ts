import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { freePort, Server } from "../support/server.ts";
import { launchBrowser, newVisitor, online, Site, type Visitor } from "../support/site.ts";

/** Starts a timer of the page, of the shortest time that it offers unless said otherwise. */
async function start(page: Page, name: string, seconds = "3"): Promise<void> {
  await page.fill("[name=name]", name);
  await page.selectOption("[name=seconds]", seconds);
  await page.click(".kitchen-form button");
  await page.locator("#running li", { hasText: name }).waitFor();
}

/** Waits until a timer is among those that rang; what the page says of them, the latest first. */
async function rung(page: Page, name: string): Promise<readonly string[]> {
  await page.locator("#rung li", { hasText: name }).waitFor();
  return await page.locator("#rung li").allTextContents();
}

describe("the page of the timers", () => {
  let site: Site;
  let visitor: Visitor;

  beforeAll(async () => {
    site = await Site.start("showcase");
  });
  afterAll(() => site.stop());
  beforeEach(async () => {
    visitor = await site.visitor();
  });
  afterEach(async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it("counts down and shows in every tab what rings, when it is due", async () => {
    const page = await visitor.open("/timer");
    const other = await visitor.open("/timer");
    await start(page, "Tea");
    await page.waitForFunction(() => /^0:0[1-3]$/.test(document.querySelector("output")?.textContent ?? ""));
    for (const tab of [page, other]) {
      const [line] = await rung(tab, "Tea");
      expect(line).toMatch(/^Tea rang, \d{1,4} ms after its time$/);
      expect(await tab.locator("#running li").count()).toBe(0);
    }
  });

  it("rings while no page is open, and says so to the next", async () => {
    const page = await visitor.open("/timer");
    await start(page, "Egg");
    await page.close();
    const next = await visitor.open("/counter");
    // The session's own clock: the page is loaded again until it lists what rang while it was elsewhere.
    await expect
      .poll(async () => await (await visitor.context.request.get("/timer")).text(), { timeout: 20_000 })
      .toContain("<b>Egg</b> rang");
    await next.goto("/timer");
    expect(await rung(next, "Egg")).toEqual([expect.stringMatching(/^Egg rang while you were away, /)]);
  });

  it("has several at a time, and those that are stopped do not ring", async () => {
    const page = await visitor.open("/timer");
    await start(page, "Rice", "300");
    await start(page, "Stopped");
    await page.locator("#running li", { hasText: "Stopped" }).locator("button").click();
    await page.locator("#running li", { hasText: "Stopped" }).waitFor({ state: "detached" });
    await start(page, "First");
    await start(page, "Second");
    const lines = await rung(page, "Second");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["Second", "First"]);
    expect(await page.locator("#running li").allTextContents()).toEqual([expect.stringContaining("Rice")]);
    await page.click("#forget");
    await page.locator("#rung li").first().waitFor({ state: "detached" });
  });

  it("lets no browser ring a timer", async () => {
    const page = await visitor.open("/timer");
    const code = await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
      stimulate("Kitchen#ring", undefined, 1).then(() => "done", (error) => error.code))`);
    expect(code).toBe("private-action");
  });
});

describe("a timer that was set before the runtime was killed", () => {
  let server: Server;
  let browser: Browser;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "edge-reflex-timer-"));
    server = new Server(await freePort(), directory);
    [browser] = await Promise.all([launchBrowser(), server.start()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.kill();
    await rm(directory, { recursive: true, force: true });
  });

  it("rings once after it is back, with its page open", async () => {
    const visitor = await newVisitor(browser, server.url);
    const page = await visitor.open("/timer");
    page.setDefaultTimeout(25_000);
    await start(page, "Tea");
    await start(page, "Rice", "10");
    await server.kill();
    await page.locator('html[data-reflex-connection="offline"]').waitFor({ state: "attached" });
    await server.start();
    await online(page);
    const lines = await rung(page, "Rice");
    expect(lines.map((line) => line.split(" ")[0])).toEqual(["Rice", "Tea"]);
    expect(await page.locator("#running li").count()).toBe(0);
    await visitor.context.close();
  });

  it("rings once after it is back, with no page open", async () => {
    const visitor = await newVisitor(browser, server.url);
    const page = await visitor.open("/timer");
    await start(page, "Egg");
    await page.close();
    await server.kill();
    await server.start();
    const next = await visitor.context.newPage();
    next.setDefaultTimeout(25_000);
    await next.goto("/timer");
    const [line = "", ...others] = await rung(next, "Egg");
    expect(line).toMatch(/^Egg rang/);
    expect(others).toEqual([]);
    await visitor.context.close();
  });
});
