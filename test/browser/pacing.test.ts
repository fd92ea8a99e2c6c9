import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let line: Line;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.context.newPage();
  await page.clock.install({ time: 0 });
  line = await Line.of(page);
  await page.goto("/pacing");
  await online(page);
  await page.clock.pauseAt(60_000);
  return () => visitor.context.close();
});

/** What the reflexes saw, when there are as many lines as given: `id=value`, or what else was written. */
async function log(lines: number): Promise<readonly string[]> {
  const text = await page.waitForFunction((lines) => {
    const text = document.querySelector("#log")?.textContent ?? "";
    return text !== "" && text.split("\n").length === lines ? text : undefined;
  }, lines);
  return ((await text.jsonValue()) ?? "").split("\n").map((line) => {
    if (line === "second") return line;
    const { id, value, params } = JSON.parse(line);
    return [id, ...(value === undefined ? [] : [value]), ...params.flat()].join(" ");
  });
}

async function type(selector: string, text: string): Promise<void> {
  await page.locator(selector).pressSequentially(text);
}

describe("a debounced reflex", () => {
  it("is called once, when the typing has paused", async () => {
    await type("#box", "tea");
    await page.clock.runFor(999);
    expect(await line.calls()).toEqual([]);
    await page.clock.runFor(1);
    expect(await line.calls()).toEqual(["Probe#note"]);
    expect(await log(1)).toEqual(["box tea box tea beside "]);
  });

  it("sees its element and form as they are when it is called", async () => {
    await type("#box", "tea");
    await page.evaluate(() => {
      document.querySelector("#box")?.setAttribute("id", "renamed");
      const beside = document.querySelector("#beside");
      if (beside instanceof HTMLInputElement) beside.value = "meanwhile";
    });
    await page.clock.runFor(1_000);
    expect(await log(1)).toEqual(["renamed tea box tea beside meanwhile"]);
  });

  it("is called at once, and first, when its field is left or changed", async () => {
    await type("#alone", "tea");
    await page.focus("#aside");
    expect(await line.calls()).toEqual(["Probe#note", "Probe#second"]);
    expect(await log(2)).toEqual(["alone tea", "second"]);
  });

  it("is called at once, and first, when its form is submitted or another field of it is left", async () => {
    await type("#box", "tea");
    await page.keyboard.press("Enter");
    expect(await log(2)).toEqual(["box tea box tea beside ", "second"]);
    await type("#box", "s");
    await page.evaluate(() => {
      document.querySelector("#beside")?.dispatchEvent(new FocusEvent("blur"));
    });
    expect(await log(3)).toEqual(["box tea box tea beside ", "second", "box teas box teas beside "]);
  });

  it("goes on waiting when something else is left", async () => {
    await type("#alone", "tea");
    await page.evaluate(() => {
      for (const type of ["blur", "change"]) document.querySelector("#aside")?.dispatchEvent(new Event(type));
    });
    expect(await line.calls()).toEqual([]);
  });

  it("is called although its element is gone by then", async () => {
    // Not by typing: an element that goes while it is focused is left, too.
    await page.evaluate(() => {
      const alone = document.querySelector("#alone");
      if (alone instanceof HTMLInputElement) alone.value = "tea";
      alone?.dispatchEvent(new InputEvent("input", { bubbles: true }));
      alone?.remove();
    });
    expect(await line.calls()).toEqual([]);
    await page.clock.runFor(1_000);
    expect(await log(1)).toEqual(["alone tea"]);
  });

  it("is called when the page is left", async () => {
    await type("#box", "tea");
    await page.reload();
    expect(await log(1)).toEqual(["box tea box tea beside "]);
  });

  it("stands in for the browser's own answer at once", async () => {
    await page.click("#slow button");
    await page.click("#slow button");
    expect(await line.calls()).toEqual([]);
    await page.clock.runFor(1_000);
    expect(await log(1)).toEqual(["slow"]);
    expect(new URL(page.url()).pathname).toBe("/pacing");
  });
});

describe("a throttled reflex", () => {
  it("is called at once, and once more for all that came within its time", async () => {
    for (let click = 0; click < 5; click += 1) await page.click("#throttled");
    expect(await line.calls()).toHaveLength(1);
    await page.clock.runFor(1_000);
    expect(await line.calls()).toHaveLength(2);
    await page.clock.runFor(10_000);
    expect(await log(2)).toEqual(["throttled ", "throttled "]);
  });
});
