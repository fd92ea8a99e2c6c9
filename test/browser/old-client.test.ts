import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { online, Site, shows, stimulate } from "../support/site.ts";

let site: Site;
/** The client as it was served while the protocol was at version 1: a page that was opened before a deploy still has it. */
let oldClient: string;

beforeAll(async () => {
  oldClient = await readFile("test/browser/old-clients/version-1.js", "utf8");
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

describe("a page with the client of protocol version 1", () => {
  it("works with today's server: calls, patches, other tabs, sleep, and a new socket; nobody loads it again", async () => {
    const visitor = await site.visitor();
    const page = await visitor.context.newPage();
    let loads = 0;
    page.on("load", () => {
      loads += 1;
    });
    await page.route("**/_reflex/client.js*", (route) =>
      route.fulfill({ contentType: "text/javascript", body: oldClient }),
    );
    await page.goto("/calls");
    await online(page);
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    await shows(page, "#ticks", "1");
    const other = await visitor.open("/calls");
    expect(await stimulate(other, "Probe#tick")).toBe("done");
    await shows(page, "#ticks", "2");
    await site.evict();
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    await Promise.all([shows(page, "#ticks", "3"), shows(other, "#ticks", "3")]);
    await site.evict("close");
    await online(page);
    await stimulateUntilDone(page);
    await Promise.all([shows(page, "#ticks", "4"), shows(other, "#ticks", "4")]);
    expect([loads, visitor.complaints]).toEqual([1, []]);
    await visitor.context.close();
  });
});

/** That client gives a call up whose socket drops under it. */
async function stimulateUntilDone(page: Page): Promise<void> {
  while ((await stimulate(page, "Probe#tick")) !== "done") await online(page);
}
