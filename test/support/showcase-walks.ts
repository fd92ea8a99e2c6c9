import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { shows } from "./site.ts";

/** What a person does on a page with the keyboard alone, from its top on; ends when the page has answered. */
export type Walk = (page: Page) => Promise<void>;

/** Presses of Tab after which an element is taken to be out of reach. */
const TABS_MAX = 60;

/** A picture of one pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** The main interaction of every page of the showcase, by its path. */
export const WALKS: Readonly<Record<string, Walk>> = {
  "/": async (page) => {
    await tabTo(page, "main a[href='/counter']");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/counter");
    await page.goBack();
  },
  "/counter": async (page) => {
    await tabTo(page, "#increment");
    await page.keyboard.press("Enter");
    await shows(page, "#count", "1");
    await expectFocus(page, "#increment");
  },
  "/value": async (page) => {
    await tabTo(page, "#typed");
    await page.keyboard.type("tea");
    await shows(page, "#value strong", "tea");
    await expectFocus(page, "#typed");
  },
  "/balls": async (page) => {
    const left = Number(await page.textContent("#balls"));
    await tabTo(page, "#use");
    await page.keyboard.press("Space");
    await shows(page, "#balls", String(left - 1));
    await expectFocus(page, "#use");
  },
  "/reverse": async (page) => {
    await tabTo(page, "#text");
    await page.keyboard.type("tea");
    await shows(page, "#reversed", "aet");
    await expectFocus(page, "#text");
  },
  "/upload": async (page) => {
    await tabTo(page, "#photos");
    await page.setInputFiles("#photos", { name: "sea.png", mimeType: "image/png", buffer: PIXEL });
    await tabTo(page, "#hang");
    await page.keyboard.press("Enter");
    await page.locator("#wall img").waitFor();
    await expectFocus(page, "#hang");
    await tabTo(page, "#wall button");
    await page.keyboard.press("Enter");
    await page.locator("#wall img").waitFor({ state: "detached" });
  },
  "/gravatar": async (page) => {
    await tabTo(page, "#email");
    await page.keyboard.type("ada@example.com");
    await page.locator("#picture").waitFor();
    await expectFocus(page, "#email");
  },
  "/todos": async (page) => {
    await tabTo(page, ".new-todo");
    await page.keyboard.type("buy tea");
    await page.keyboard.press("Enter");
    await page.locator(".todo-list li").waitFor();
    await expectFocus(page, ".new-todo");
    await tabTo(page, ".todo-list .toggle");
    await page.keyboard.press("Space");
    await page.locator(".todo-list li.completed").waitFor();
    await expectFocus(page, ".todo-list .toggle");
  },
  "/books": async (page) => {
    await tabTo(page, "#query");
    await page.keyboard.type("bronte");
    await shows(page, "#found", "4 books");
    await expectFocus(page, "#query");
    await tabTo(page, ".book-frame");
  },
  "/tabular": async (page) => {
    await tabTo(page, "#by-year");
    await page.keyboard.press("Enter");
    await page.locator("th[aria-sort=ascending] #by-year").waitFor();
    await expectFocus(page, "#by-year");
    await tabTo(page, "#next");
    await page.keyboard.press("Enter");
    await shows(page, "#table-status", "128 books, page 2 of 13");
    await expectFocus(page, "#next");
  },
  "/signup": async (page) => {
    await tabTo(page, "#name");
    await page.keyboard.type("ada");
    await shows(page, "#name-message", "ada is taken. How about ada-2?");
    await expectFocus(page, "#name");
    await page.keyboard.press("Enter");
    await shows(page, "#summary-heading", "4 things are left to do");
    await expectFocus(page, "#summary");
  },
  "/places": async (page) => {
    for (const level of ["#country", "#region", "#city"]) {
      await tabTo(page, level);
      await page.keyboard.press("ArrowDown");
      await page.locator(`${level} option[selected]`).waitFor({ state: "attached" });
      await expectFocus(page, level);
    }
    await shows(page, "#place", "You are in Graz, Styria, Austria.");
  },
  "/calendar": async (page) => {
    const month = await page.textContent("#month-name");
    await tabTo(page, "#following");
    await page.keyboard.press("Enter");
    await page.waitForFunction((name) => document.querySelector("#month-name")?.textContent !== name, month);
    await expectFocus(page, "#following");
    await tabTo(page, "[name=title]");
    await page.keyboard.type("Tea");
    await page.keyboard.press("Enter");
    await page.locator("#entries li").waitFor();
    await expectFocus(page, "[name=title]");
  },
  "/snake": async (page) => {
    await tabTo(page, "#start");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /^Over/.test(document.querySelector("#game")?.textContent ?? ""));
    await expectFocus(page, "#start");
  },
  "/session": async (page) => {
    await tabTo(page, "#next");
    await page.keyboard.press("Enter");
    await shows(page, "#step", "2");
    await page.keyboard.press("Enter");
    await shows(page, "#step", "3");
    await expectFocus(page, "#next");
    await page.evaluate(() => document.querySelector<HTMLElement>("#content")?.focus());
    await tabTo(page, "#name");
    await page.keyboard.type("Ada");
    await page.keyboard.press("Enter");
    await shows(page, "#visitor", "Ada");
  },
  "/clicks": async (page) => {
    await tabTo(page, "#reckon");
    await page.keyboard.press("Enter");
    await page.locator("#reckoner").waitFor();
    await expectFocus(page, "#reckon");
  },
  "/structures": async (page) => {
    await tabTo(page, "#counter .button");
    const before = await page.textContent("#counter output");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (text) => document.querySelector("#counter output")?.textContent !== text,
      before,
    );
    await expectFocus(page, "#counter .button");
  },
  "/timer": async (page) => {
    await tabTo(page, "[name=name]");
    await page.keyboard.type("Tea");
    await page.keyboard.press("Enter");
    await page.locator("#running li").waitFor();
    await page.locator("#rung li").waitFor();
    await expectFocus(page, "[name=name]");
  },
  "/report": async (page) => {
    await tabTo(page, "#ask");
    await page.keyboard.press("Enter");
    await page.locator(".report-made").waitFor();
    await expectFocus(page, "#ask");
  },
  "/chat": async (page) => {
    await tabTo(page, "#log");
    await tabTo(page, "#text");
    await page.keyboard.type("Good morning");
    await page.keyboard.press("Enter");
    await page.locator(".message-own", { hasText: "Good morning" }).waitFor();
    await expectFocus(page, "#text");
    expect(await page.inputValue("#text")).toBe("");
  },
  "/board": async (page) => {
    await tabTo(page, "#add-todo");
    await page.keyboard.type("Buy tea");
    await page.keyboard.press("Enter");
    const card = page.locator("#cards-todo [data-title='Buy tea']");
    await card.waitFor();
    await expectFocus(page, "#add-todo");
    const grip = `#grip-${await card.getAttribute("data-card")}`;
    await page.evaluate(() => document.querySelector<HTMLElement>("#content")?.focus());
    await tabTo(page, grip);
    for (const key of ["Space", "ArrowRight", "Home", "Space"]) await page.keyboard.press(key);
    await page.locator("#cards-doing [data-title='Buy tea']:first-child").waitFor();
    await expectFocus(page, grip);
  },
  "/life": async (page) => {
    await tabTo(page, "#life-board");
    await page.keyboard.press("ArrowRight");
    await shows(page, "#life-said", "Row 26, column 27");
    await page.keyboard.press("Space");
    await page.waitForFunction(() =>
      / (lives|dies)\.$/.test(document.querySelector("#life-said")?.textContent ?? ""),
    );
    await expectFocus(page, "#life-board");
    await tabTo(page, "#pause");
    await page.keyboard.press("Enter");
    await shows(page, "#pause", "Go on");
    await expectFocus(page, "#pause");
    await page.keyboard.press("Enter");
    await shows(page, "#pause", "Pause");
  },
  "/rows": async (page) => {
    await tabTo(page, "#insert");
    await page.keyboard.press("Enter");
    await shows(page, "#order-count", "1001");
    await expectFocus(page, "#insert");
    await tabTo(page, "#query");
    await page.keyboard.type("1001");
    await shows(page, "#found", "1");
    await expectFocus(page, "#query");
  },
  "/network": async (page) => {
    await tabTo(page, "[type=radio]");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "#write");
    await page.keyboard.press("Enter");
    await shows(page, "#lines", "1");
    await expectFocus(page, "#write");
  },
  "/operations": async (page) => {
    await tabTo(page, "[data-operation=append]");
    await page.keyboard.press("Enter");
    await page.locator("#list li", { hasText: "appended" }).waitFor();
    await expectFocus(page, "[data-operation=append]");
    await page.locator("#log p", { hasText: "after-append on #list" }).waitFor();
  },
};

/** Goes on with Tab until an element has the focus, and asserts that one sees it there. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < TABS_MAX; press += 1) {
    await page.keyboard.press("Tab");
    if (await hasFocus(page, selector)) return expect(await focusMark(page)).not.toBe("none");
  }
  throw new Error(`${selector} does not get the focus within ${TABS_MAX} presses of Tab`);
}

/** Asserts that an element has the focus after what the page has been brought to. */
async function expectFocus(page: Page, selector: string): Promise<void> {
  const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
  expect({ has: await hasFocus(page, selector), where }).toMatchObject({ has: true });
}

async function hasFocus(page: Page, selector: string): Promise<boolean> {
  return await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, selector);
}

/** How the focus shows: what is drawn around the element, or "none". */
async function focusMark(page: Page): Promise<string> {
  return await page.evaluate(() => {
    if (document.activeElement === null) return "none";
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
    return outlineStyle === "none" || outlineWidth === "0px" ? boxShadow : outlineStyle;
  });
}

/**
 * What axe finds wrong with the page as it is, of what it calls serious or critical: the rule, and where. Of a long table it sees
 * the first rows: the others are made by the same template, and a thousand of them take it ten seconds.
 */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  // Text: the test's types are not the browser's.
  const findings = await page.evaluate(`(async () => {
    const hidden = [...document.querySelectorAll("tbody tr:nth-child(n + 12)")];
    const places = hidden.map((row) => row.parentNode);
    hidden.forEach((row) => row.remove());
    const { violations } = await axe.run({ resultTypes: ["violations"] });
    hidden.forEach((row, index) => places[index].append(row));
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " at " + target + ": " + failureSummary));
  })()`);
  return findings as readonly string[];
}
