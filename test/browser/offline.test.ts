import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

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
  line = await Line.of(page);
  await page.addInitScript(() => {
    const errors: string[] = [];
    Reflect.set(window, "errors", errors);
    addEventListener("reflex:error", (event) => {
      event.preventDefault();
      const { target, detail } = event as CustomEvent<{ error: { code: string } }>;
      errors.push(`${target instanceof Element ? target.id : ""} ${detail.error.code}`);
    });
  });
  await page.goto("/offline");
  await online(page);
  return () => visitor.context.close();
});

/** The errors that elements were told. */
async function errors(): Promise<readonly string[]> {
  return await page.evaluate("errors");
}

/** Calls for an element from the page's code: the outcome, or the error's code. */
async function stimulateFor(selector: string): Promise<string> {
  return await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate("Probe#tick", document.querySelector("${selector}")).then(({ outcome }) => outcome, ({ code }) => code))`);
}

/** The attributes that say whether elements are disabled. */
async function disabled(): Promise<Readonly<Record<string, string>>> {
  return await page.evaluate(() => {
    const elements = Array.from(document.querySelectorAll("[disabled], [aria-disabled]"));
    return Object.fromEntries(
      elements.map((element) => [
        element.id,
        element.getAttribute("aria-disabled") ?? `disabled ${element.getAttribute("disabled")}`.trim(),
      ]),
    );
  });
}

const BEFORE = { off: "disabled", link: "false" };

describe("an element without a policy, or with queue", () => {
  it("has its calls made when the page is online again", async () => {
    await line.cut();
    await page.click("#queue");
    await page.click("#nearest");
    expect(await line.calls()).toEqual([]);
    await line.mend();
    await shows(page, "#ticks", "2");
    expect(await errors()).toEqual([]);
  });
});

describe("an element in data-reflex-offline=refuse", () => {
  it("has its calls refused at once while the page is offline, and nothing is sent of them", async () => {
    await line.cut();
    await page.click("#refuse");
    expect(await errors()).toEqual(["refuse offline"]);
    expect(await stimulateFor("#refuse")).toBe("offline");
    await line.mend();
    expect(await stimulateFor("#refuse")).toBe("done");
    expect(await line.calls()).toEqual(["Probe#tick"]);
    expect(await page.textContent("#ticks")).toBe("1");
  });

  it("has them refused as well when the session is over", async () => {
    await page.click("#queue");
    await shows(page, "#ticks", "1");
    await visitor.context.clearCookies();
    await site.evict("close");
    await page.locator('html[data-reflex-connection="refused"]').waitFor({ state: "attached" });
    expect(await stimulateFor("#refuse")).toBe("offline");
    expect(await stimulateFor("#queue")).toBe("connection-refused");
  });

  it("has its calls wait for the first connection", async () => {
    const second = await visitor.context.newPage();
    await second.addInitScript({
      content: `addEventListener("DOMContentLoaded", () => {
        window.stateAtCall = document.documentElement.dataset.reflexConnection;
        document.querySelector("#refuse").click();
      });`,
    });
    await second.goto("/offline");
    await shows(second, "#ticks", "1");
    expect(await second.evaluate("stateAtCall")).toBe("connecting");
  });
});

describe("an element in data-reflex-offline=disable", () => {
  it("is disabled while the page is offline, and has back afterwards exactly what it had", async () => {
    expect(await disabled()).toEqual(BEFORE);
    await line.cut();
    expect(await disabled()).toEqual({
      disable: "disabled",
      off: "disabled",
      later: "disabled",
      link: "true",
      text: "disabled",
      form: "true",
      submit: "disabled",
      itself: "disabled",
      "in-form": "disabled",
    });
    await line.mend();
    expect(await disabled()).toEqual(BEFORE);
  });

  it("is what the server says after the update that follows the connection", async () => {
    await line.cut();
    await page.click("#queue");
    await line.mend();
    await shows(page, "#ticks", "1");
    expect(await disabled()).toEqual({ later: "disabled", link: "false" });
    expect(await page.getAttribute("#disable", "class")).toBe("at-1");
  });

  it("has calls refused that can be made nevertheless", async () => {
    await line.cut();
    await page.click("#link", { force: true });
    expect(await errors()).toEqual(["link offline"]);
    expect(await stimulateFor("#itself")).toBe("offline");
    expect(new URL(page.url()).pathname).toBe("/offline");
  });

  it("leaves a form's fields to be filled in, and does not submit it", async () => {
    await line.cut();
    await page.locator("#field").pressSequentially("typed");
    await page.keyboard.press("Enter");
    expect(await page.inputValue("#field")).toBe("typed");
    await line.mend();
    await page.keyboard.press("Enter");
    await shows(page, "#ticks", "1");
    expect(await errors()).toEqual([]);
  });

  it("has focus and caret back, unless the visitor has moved on", async () => {
    await page.locator("#text").pressSequentially("typed");
    await page.keyboard.press("ArrowLeft");
    await line.cut();
    await line.mend();
    await page.keyboard.type("X");
    expect(await page.inputValue("#text")).toBe("typeXd");
    await line.cut();
    await page.focus("#field");
    await line.mend();
    expect(await page.evaluate("document.activeElement.id")).toBe("field");
  });

  it("counts in its form for the calls of others", async () => {
    await page.fill("#in-form", "kept");
    await line.cut();
    await page.click("#reads");
    await line.mend();
    await page.waitForFunction("line.sent.some((text) => text.includes('Probe#note'))");
    const frames: readonly string[] = await page.evaluate(
      "line.sent.filter((text) => text.includes('#note'))",
    );
    expect(frames.map((text) => JSON.parse(text)[3])).toEqual([[["typed", "kept"]]]);
  });
});
