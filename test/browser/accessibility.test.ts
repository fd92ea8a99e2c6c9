import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { axeFindings, tabTo, WALKS } from "../support/showcase-walks.ts";
import { online, Site } from "../support/site.ts";

let site: Site;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());

describe("every page of the showcase", () => {
  it("has a way to be used with the keyboard in this file's list", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/");
    const paths = (selector: string) =>
      page.locator(selector).evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    const inNavigation = await paths(".site-nav a");
    expect(inNavigation).toEqual(await paths(".cards a"));
    expect(["/", ...inNavigation].sort()).toEqual(Object.keys(WALKS).sort());
    await visitor.context.close();
  });

  it.each(Object.entries(WALKS))(
    "is used with the keyboard alone, and axe finds nothing serious: %s",
    async (path, walk) => {
      const visitor = await site.visitor();
      const page = await visitor.open(path);
      expect(await axeFindings(page)).toEqual([]);
      await walk(page);
      await online(page);
      expect(await axeFindings(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await axeFindings(page)).toEqual([]);
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    },
  );
});

describe("what looks for findings", () => {
  it("finds a button that nothing names, and text that is too faint", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/counter");
    await page.evaluate(() => {
      document
        .querySelector("main")
        ?.insertAdjacentHTML(
          "beforeend",
          '<button id="nameless"></button><p id="faint" style="color: #bbb; background: #fff">What nobody can read</p>',
        );
    });
    const findings = await axeFindings(page);
    expect(findings.map((finding) => finding.split(":")[0])).toEqual(
      expect.arrayContaining(["button-name at #nameless", "color-contrast at #faint"]),
    );
    await visitor.context.close();
  });
});

describe("the navigation", () => {
  it("opens, is walked through and closes with the keyboard alone", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/counter");
    await tabTo(page, ".site-menu-button");
    await page.keyboard.press("Enter");
    await page.locator(".site-menu:popover-open").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator(".site-menu:popover-open").count()).toBe(0);
    await page.keyboard.press("Enter");
    await tabTo(page, ".site-menu a[href='/value']");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/value");
    expect(await page.textContent(".site-nav [aria-current=page]")).toBe("Value");
    await visitor.context.close();
  });

  it("stays open while the page is brought up to date", async () => {
    const visitor = await site.visitor();
    const [page, other] = [await visitor.open("/counter"), await visitor.open("/counter")];
    await page.click(".site-menu-button");
    await other.click("#increment");
    await page.waitForFunction(() => document.querySelector("#count")?.textContent === "1");
    expect(await page.locator(".site-menu:popover-open").count()).toBe(1);
    await visitor.context.close();
  });
});
