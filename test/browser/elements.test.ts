import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Site, type Visitor } from "../support/site.ts";

let site: Site;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

/** Calls an action with arguments, from the page's own code. */
async function call(page: Page, target: string, ...args: readonly unknown[]): Promise<void> {
  const given = [target, ...args].map((one) => JSON.stringify(one)).join();
  await page.evaluate(
    `import("/_reflex/client.js").then(({ stimulate }) => stimulate(${given}).then(() => {}))`,
  );
}

/** The texts of a page's log. */
const log = (page: Page) => page.locator("#log li").allTextContents();

async function logs(page: Page, ...texts: readonly string[]): Promise<void> {
  await expect.poll(() => log(page), { timeout: 10_000 }).toEqual(texts);
}

/** Waits until a page's elements follow their topics: what they are told carries its keys. */
async function follows(page: Page, selector = "cable-ready-stream-from"): Promise<void> {
  await page.waitForFunction((selector) => {
    const elements = [...document.querySelectorAll(selector)] as (Element & { readonly key?: string })[];
    return elements.length > 0 && elements.every(({ key }) => key !== undefined);
  }, selector);
}

async function open(visitor: Visitor, path: string, selector?: string): Promise<Page> {
  const page = await visitor.open(path);
  await follows(page, selector);
  return page;
}

describe("cable-ready-stream-from", () => {
  it("has what is broadcast in its topic carried out in every page that has one, once and in order", async () => {
    const [ada, bob] = await Promise.all([site.visitor(), site.visitor()]);
    const pages = await Promise.all([
      open(ada, "/following/stream"),
      open(ada, "/following/stream?several=1"),
      open(bob, "/following/stream?bound=1"),
    ]);
    const [first] = pages;
    await call(first, "Follow#say", "one", "two");
    await call(first, "Follow#say", "three");
    for (const page of pages) await logs(page, "one", "two", "three");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });
});
