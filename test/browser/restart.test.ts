import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, Server } from "../support/server.ts";
import { launchBrowser, newVisitor, online, shows } from "../support/site.ts";

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
});
