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

describe("the home page", () => {
  it("leads to every demo", async () => {
    const page = await visitor.open("/");
    const links = await page
      .locator("main a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    for (const path of ["/counter", "/value", "/balls", "/todos"]) {
      expect(links).toContain(path);
      const answer = await page.request.get(path);
      expect([path, answer.status()]).toEqual([path, 200]);
    }
  });
});

describe("the counter", () => {
  it("counts up and down by its buttons' steps, also with the keyboard", async () => {
    const page = await visitor.open("/counter");
    await shows(page, "#count", "0");
    const step = Number(await page.getAttribute("#increment", "data-step"));
    await page.click("#increment");
    await shows(page, "#count", String(step));
    await page.focus("#increment");
    await page.keyboard.press("Enter");
    await shows(page, "#count", String(2 * step));
    await page.click("#decrement");
    await shows(
      page,
      "#count",
      String(2 * step - Math.abs(Number(await page.getAttribute("#decrement", "data-step")))),
    );
  });

  it("survives a reload and is the same in a second tab", async () => {
    const first = await visitor.open("/counter");
    await first.click("#increment");
    await shows(first, "#count", "1");
    const second = await visitor.open("/counter");
    await shows(second, "#count", "1");
    await second.click("#increment");
    await shows(second, "#count", "2");
    await first.click("#increment");
    await shows(first, "#count", "3");
    await first.reload();
    await shows(first, "#count", "3");
  });

  it("loses no click of many quick ones", async () => {
    const page = await visitor.open("/counter");
    await page.evaluate(() => {
      for (let click = 0; click < 100; click += 1) document.querySelector<HTMLElement>("#increment")?.click();
    });
    await shows(page, "#count", "100");
  });

  it("is another visitor's own", async () => {
    const page = await visitor.open("/counter");
    await page.click("#increment");
    await shows(page, "#count", "1");
    const other = await site.visitor();
    await shows(await other.open("/counter"), "#count", "0");
    await other.context.close();
  });

  it("wakes with its session between two clicks", async () => {
    const page = await visitor.open("/counter");
    await page.click("#increment");
    await shows(page, "#count", "1");
    await site.evict();
    await page.click("#increment");
    await shows(page, "#count", "2");
  });
});

describe("an address without a page", () => {
  it("answers 404 with a page in the layout", async () => {
    const page = await visitor.context.newPage();
    const response = await page.goto("/nowhere");
    expect(response?.status()).toBe(404);
    expect(await page.textContent("h1")).toBe("Not found");
    // The browser's own word on the 404.
    visitor.complaints.length = 0;
  });
});

describe("going back", () => {
  it("shows the page as it is, not as it was", async () => {
    const page = await visitor.open("/counter");
    await page.click("#increment");
    await shows(page, "#count", "1");
    await page.goto("/value");
    await page.goBack();
    await shows(page, "#count", "1");
  });
});

describe("the value page", () => {
  it("shows what is typed, keeps caret and focus in the input, and stores nothing", async () => {
    const page = await visitor.open("/value");
    const input = page.locator("input[data-reflex-permanent]");
    await input.pressSequentially("hello");
    await page.waitForFunction(() =>
      document.querySelector("#value")?.textContent?.includes("The value is: hello"),
    );
    await page.keyboard.press("Home");
    await page.keyboard.type("> ");
    await page.waitForFunction(() =>
      document.querySelector("#value")?.textContent?.includes("The value is: > hello"),
    );
    expect(await input.inputValue()).toBe("> hello");
    expect(await input.evaluate((element) => (element as HTMLInputElement).selectionStart)).toBe(2);
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.reload();
    expect(await page.textContent("#value")).not.toContain("hello");
  });
});

describe("the balls", () => {
  it("are three more on each page load, and none are given by a reflex", async () => {
    const page = await visitor.open("/balls");
    const balls = async () => Number(await page.textContent("#balls"));
    expect(await balls()).toBe(3);
    await page.reload();
    expect(await balls()).toBe(6);
    await page.locator('html[data-reflex-connection="online"]').waitFor({ state: "attached" });
    await page.click('[data-reflex="click->Balls#use"]');
    await shows(page, "#balls", "5");
  });
});
