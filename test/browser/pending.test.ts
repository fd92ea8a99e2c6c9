import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, shows, stimulate, touched, type Visitor } from "../support/site.ts";

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
  await page.goto("/calling");
  await online(page);
  await touched(page);
  return () => visitor.context.close();
});

/** What an element says of its calls: `aria-busy` and `data-reflex-pending`. */
async function marks(selector: string): Promise<readonly (string | null)[]> {
  return await page
    .locator(selector)
    .evaluate((element) => ["aria-busy", "data-reflex-pending"].map((name) => element.getAttribute(name)));
}

const NONE = [null, null];

/** Resolves when no call of the page is unanswered. */
async function settled(): Promise<void> {
  await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
}

describe("an element whose call is unanswered", () => {
  it("is busy, and counts its calls, until the last is answered; no click is ignored", async () => {
    await line.hold();
    await page.click("#call");
    await page.locator("#call[data-reflex-pending]").waitFor();
    expect(await marks("#call")).toEqual(["true", "1"]);
    await page.click("#call");
    await page.click("#note");
    expect(await marks("#call")).toEqual(["true", "2"]);
    expect(await marks("html")).toEqual([null, "3"]);
    await line.release();
    await settled();
    expect(await Promise.all(["#call", "#note", "html"].map(marks))).toEqual([NONE, NONE, NONE]);
    expect(await page.textContent("#ticks")).toBe("2");
  });

  it("is busy no longer when its call failed", async () => {
    await page.click("#fails");
    await page.locator("#fails:not([data-reflex-pending])").waitFor();
    expect(await marks("#fails")).toEqual(NONE);
  });

  it("stays busy through a lost connection, until the call is answered", async () => {
    await line.cut();
    await page.click("#call");
    await page.locator("#call[data-reflex-pending]").waitFor();
    expect(await marks("#call")).toEqual(["true", "1"]);
    await line.mend();
    await shows(page, "#ticks", "1");
    await settled();
    expect(await marks("#call")).toEqual(NONE);
  });

  it("stays busy through updates of it and of what is around it", async () => {
    await line.hold();
    const other = stimulate(page, "Probe#tick");
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    await page.click("#call");
    await line.releaseOne();
    expect(await other).toBe("done");
    expect(await page.getAttribute("#call", "class")).toBe("at-1");
    expect(await marks("#call")).toEqual(["true", "1"]);
    await line.release();
    await settled();
    expect(await marks("#call")).toEqual(NONE);
  });

  it("passes it on to the element that takes its place under its id", async () => {
    await line.hold();
    const other = stimulate(page, "Probe#tick");
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    await page.click("button#moves");
    await line.releaseOne();
    expect(await other).toBe("done");
    expect(await marks("a#moves")).toEqual(["true", "1"]);
    await page.click("a#moves");
    expect(await marks("a#moves")).toEqual(["true", "2"]);
    await line.releaseOne();
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    expect(await marks("button#moves")).toEqual(["true", "1"]);
    await line.release();
    await settled();
    expect(await marks("#moves")).toEqual(NONE);
  });

  it("keeps what its author says of aria-busy, in the page and in updates", async () => {
    await line.hold();
    await page.click("#own");
    await page.click("#told");
    const both = () => Promise.all([marks("#own"), marks("#told")]);
    expect(await both()).toEqual([
      ["false", "1"],
      ["false", "1"],
    ]);
    await line.releaseOne();
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    expect(await both()).toEqual([
      ["false", null],
      ["true", "1"],
    ]);
    await line.release();
    await settled();
    expect(await both()).toEqual([
      ["false", null],
      ["true", null],
    ]);
  });

  it("does not tell the server of it", async () => {
    await line.hold();
    await page.click("#note");
    await page.click("#note");
    await line.release();
    await settled();
    const frames: readonly string[] = await page.evaluate(
      "line.sent.filter((text) => text.includes('Probe#note'))",
    );
    expect(frames).toHaveLength(2);
    expect(frames.filter((text) => /busy|pending/.test(text))).toEqual([]);
  });
});

describe("the page", () => {
  it("counts the calls that code makes without an element", async () => {
    await line.hold();
    const answer = stimulate(page, "Probe#tick");
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    await line.release();
    expect(await answer).toBe("done");
    expect(await marks("html")).toEqual(NONE);
  });
});
