import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { online, Site, shows, type Visitor } from "../support/site.ts";

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

/** Every text that an element shows from now on, in order. */
async function watchTexts(page: Page, selector: string): Promise<() => Promise<readonly string[]>> {
  await page.evaluate((selector) => {
    const texts: string[] = [];
    Reflect.set(window, "texts", texts);
    const element = document.querySelector(selector);
    const observer = new MutationObserver(() => texts.push(element?.textContent ?? ""));
    if (element !== null) observer.observe(element, { childList: true, characterData: true, subtree: true });
  }, selector);
  return () => page.evaluate(() => Reflect.get(window, "texts"));
}

describe("the page of the bad network", () => {
  it("has a line for every press, in order, on the worst of its networks", async () => {
    const page = await visitor.open("/network");
    page.setDefaultTimeout(28_000);
    await page.check("[value=bad]");
    for (let press = 0; press < 8; press += 1) await page.click("#write");
    expect(await page.textContent("#presses")).toBe("8");
    await shows(page, "#lines", "8");
    const lines = await page.locator(".network-lines li").allTextContents();
    expect(lines).toEqual([8, 7, 6, 5, 4, 3, 2, 1].map((number) => `line ${number}, press ${number}`));
    await page.waitForFunction(() => !document.documentElement.hasAttribute("data-reflex-pending"));
    expect(await page.getAttribute("#write", "aria-busy")).toBeNull();
  });

  it("says on the button how many presses are on the way, and goes on with them after a reload", async () => {
    const page = await visitor.open("/network");
    await page.check("[value=slow]");
    await online(page);
    await page.click("#write");
    await page.click("#write");
    expect(await page.getAttribute("#write", "data-reflex-pending")).toBe("2");
    await page.reload();
    await shows(page, "#lines", "2");
  });

  it("shows no answer to an older keystroke while a newer one is on the way", async () => {
    const page = await visitor.open("/network");
    await page.check("[value=slow]");
    await online(page);
    const texts = await watchTexts(page, "#echo");
    await page.locator("#say").pressSequentially("tea", { delay: 100 });
    await shows(page, "#echo", "tea");
    expect(await texts()).toEqual(["tea"]);
  });

  it("disables what is not to be pressed offline, and gives it back", async () => {
    const page = await visitor.open("/network");
    await page.click("#write");
    await shows(page, "#lines", "1");
    await page.evaluate(`import("/_reflex/client.js").then(({ start }) => start().consumer.leave(false))`);
    await page.locator("#clear:disabled").waitFor();
    await page.click("#write");
    expect(await page.getAttribute("html", "data-reflex-pending")).toBe("1");
    await page.evaluate(`import("/_reflex/client.js").then(({ start }) => start().consumer.connect())`);
    await shows(page, "#lines", "2");
    await page.click("#clear");
    await shows(page, "#lines", "0");
  });
});
