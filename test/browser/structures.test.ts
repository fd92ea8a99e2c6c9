import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, shows, type Visitor } from "../support/site.ts";

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

/** Presses the button of a tool. */
async function use(page: Page, kind: string, act: string): Promise<void> {
  await page.locator(`#${kind}`).getByRole("button", { name: act, exact: true }).click();
}

/** What a tool shows after each of these buttons, in order. */
const USES: Readonly<Record<string, readonly (readonly [act: string, shown: string])[]>> = {
  string: [
    ["call it Ada", "Ada"],
    ["clear", "nobody"],
  ],
  decimal: [
    ["+ 0.10", "1.10"],
    ["− 0.35", "0.75"],
  ],
  boolean: [
    ["switch", "true"],
    ["switch", "false"],
  ],
  json: [
    ["move", "[1,1]"],
    ["clear", "[0,0]"],
  ],
  counter: [
    ["+ 1", "1"],
    ["− 5", "-4"],
    ["reset", "0"],
  ],
  flag: [
    ["mark", "marked"],
    ["remove", "not marked"],
  ],
  enum: [
    ["large", "large"],
    ["huge", "huge!"],
    ["reset", "small"],
  ],
  list: [
    ["append", "note 1"],
    ["prepend", "first, note 1"],
    ["clear", "empty"],
  ],
  uniqueList: [
    ["tea", "tea"],
    ["coffee", "tea, coffee"],
    ["tea", "coffee, tea"],
    ["cocoa", "coffee, tea, cocoa"],
    ["juice", "tea, cocoa, juice"],
  ],
  orderedSet: [
    ["Ada + 2", "Ada 2"],
    ["Grace + 3", "Grace 3, Ada 2"],
    ["Ada + 2", "Ada 4, Grace 3"],
  ],
  set: [
    ["add red", "red"],
    ["add blue", "red, blue"],
    ["add red", "red, blue"],
    ["take", "blue"],
  ],
  hash: [
    ["a pear more", "pears: 1"],
    ["two plums", "pears: 1, plums: 2"],
    ["no pears", "plums: 2"],
  ],
  slots: [
    ["reserve", "1 held"],
    ["reserve", "2 held, none free"],
    ["reserve", "2 held, none free"],
    ["release", "1 held"],
  ],
  cycle: [
    ["next", "Grace"],
    ["next", "Edsger"],
    ["next", "Ada"],
  ],
  limiter: [
    ["poke", "1"],
    ["poke", "2"],
    ["poke", "3, no more"],
    ["poke", "3, no more"],
  ],
};

describe("the page of structures", () => {
  it("has one of each kind, and each does what its buttons say", async () => {
    const page = await visitor.open("/structures");
    page.setDefaultTimeout(28_000);
    expect(await page.locator(".tool").count()).toBe(17);
    for (const [kind, uses] of Object.entries(USES))
      for (const [act, shown] of uses) {
        await use(page, kind, act);
        await shows(page, `#${kind} output`, shown);
      }
    await use(page, "integer", "throw");
    await page.waitForFunction(() =>
      /^[1-6]$/.test(document.querySelector("#integer output")?.textContent ?? ""),
    );
    await use(page, "datetime", "now");
    await page.waitForFunction(() =>
      /^\d\d:\d\d:\d\d$/.test(document.querySelector("#datetime output")?.textContent ?? ""),
    );
  });

  it("shows what is the session's in the visitor's other tabs, and after a reload", async () => {
    const page = await visitor.open("/structures");
    const other = await visitor.open("/structures");
    await use(page, "list", "append");
    await shows(other, "#list output", "note 1");
    await page.reload();
    await shows(page, "#list output", "note 1");
    const stranger = await site.visitor();
    const strange = await stranger.open("/structures");
    await shows(strange, "#list output", "empty");
    expect(stranger.complaints).toEqual([]);
    await stranger.context.close();
  });

  it("counts the presses of visitors who press together, and shows them to each with the next update", async () => {
    const visitors = [visitor, await site.visitor(), await site.visitor()];
    const pages = await Promise.all(visitors.map((one) => one.open("/structures")));
    const [first] = pages;
    if (first === undefined) throw new Error("No visitor came");
    const before = Number(await first.textContent("#presses"));
    await Promise.all(
      pages.map(async (page) => {
        for (let press = 0; press < 3; press += 1) await page.click("#press");
        await page.waitForFunction(() => !document.documentElement.hasAttribute("data-reflex-pending"));
      }),
    );
    for (const page of pages) {
      await page.click("#look");
      await shows(page, "#presses", String(before + 9));
    }
    const lines = await first.locator("#last li").allTextContents();
    expect(lines).toHaveLength(5);
    expect(await pages[2]?.locator("#last li").allTextContents()).toEqual(lines);
    for (const other of visitors.slice(1)) {
      expect(other.complaints).toEqual([]);
      await other.context.close();
    }
  });
});
