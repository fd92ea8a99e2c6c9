import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OPERATIONS } from "../../src/protocol/operations.ts";
import type { Verdict } from "../support/proxy.ts";
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
  site.proxy.hooks = {};
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

/** Opens a tab of which every frame is noted, in the order in which they come. */
async function openWatched(path: string): Promise<{ page: Page; received: string[]; sent: string[] }> {
  const page = await visitor.context.newPage();
  const [received, sent]: [string[], string[]] = [[], []];
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => received.push(String(payload)));
    socket.on("framesent", ({ payload }) => sent.push(String(payload)));
  });
  await page.goto(path);
  await online(page);
  return { page, received, sent };
}

/** What is held until it is released, and passes then. */
function holding(): { held: Promise<Verdict>; release: () => void } {
  const { promise: held, resolve } = Promise.withResolvers<Verdict>();
  return { held, release: () => resolve("forward") };
}

/** The `id` of the element that has the focus. */
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

describe("the book search", () => {
  it("finds by words of title and author, without accents and case, and marks them", async () => {
    const page = await visitor.open("/books");
    await page.locator("#query").pressSequentially("EYRE bronte");
    await shows(page, "#found", "One book");
    expect(await page.locator("#books li").allTextContents()).toEqual(["Jane Eyre Charlotte Brontë, 1847"]);
    expect(await page.locator("#books mark").allTextContents()).toEqual(["Eyre", "Brontë"]);
    await page.fill("#query", "no such book");
    await shows(page, "#found", "No book has all of these words.");
    expect(await page.locator("#books li").count()).toBe(0);
    await page.fill("#query", "");
    await shows(page, "#found", "128 books");
    expect(await page.locator("mark").count()).toBe(0);
  });

  it("calls once for what is typed quickly, and keeps focus, caret and the elements of what is found", async () => {
    const { page, sent } = await openWatched("/books");
    const emma = await page.locator("#books li", { hasText: "Emma" }).elementHandle();
    await page.locator("#query").pressSequentially("austen");
    await shows(page, "#found", "5 books");
    expect(sent.filter((frame) => frame.includes("Books#search"))).toHaveLength(1);
    expect(await emma?.evaluate((element) => element.isConnected)).toBe(true);
    expect(await focused(page)).toBe("query");
    expect(await page.locator("#query").evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(6);
  });

  it("says in the style of the field that an answer is on its way", async () => {
    const page = await visitor.open("/books");
    const { held, release } = holding();
    site.proxy.hooks.up = (text) => (text.includes("Books#search") ? held : "forward");
    await page.locator("#query").pressSequentially("emma");
    await page.locator("#query[data-reflex-pending][aria-busy=true]").waitFor();
    const animation = () =>
      page.locator(".search-field").evaluate((field) => getComputedStyle(field, "::after").animationName);
    expect(await animation()).toBe("turn-round");
    release();
    await shows(page, "#found", "One book");
    await page.locator("#query:not([data-reflex-pending])").waitFor();
    expect(await animation()).toBe("none");
  });
});

describe("the table", () => {
  /** Where the browser is, and what it shows there. */
  const shown = async (page: Page) => ({
    address: await page.evaluate(() => location.pathname + location.search),
    status: await page.textContent("#table-status"),
    first: await page.locator("tbody td").first().textContent(),
  });
  const until = (page: Page, status: string) => shows(page, "#table-status", status);

  it("sorts and turns pages without leaving the page, and goes back and forth through what it has shown", async () => {
    const page = await visitor.open("/tabular");
    await page.evaluate(() => Reflect.set(window, "isSame", true));
    await page.click("#by-year");
    await page.locator("th[aria-sort=ascending] #by-year").waitFor();
    expect(await focused(page)).toBe("by-year");
    expect(await shown(page)).toEqual({
      address: "/tabular?sort=year",
      status: "128 books, page 1 of 13",
      first: "The Divine Comedy",
    });
    await page.click("#next");
    await until(page, "128 books, page 2 of 13");
    const second = await shown(page);
    expect(second.address).toBe("/tabular?sort=year&page=2");
    await page.click("#by-year");
    await page.locator("th[aria-sort=descending] #by-year").waitFor();
    expect(await shown(page)).toMatchObject({
      address: "/tabular?sort=year&order=descending",
      first: "The Great Gatsby",
    });
    await page.goBack();
    await until(page, "128 books, page 2 of 13");
    expect(await shown(page)).toEqual(second);
    await page.goBack();
    await until(page, "128 books, page 1 of 13");
    await page.goForward();
    await until(page, "128 books, page 2 of 13");
    expect(await page.evaluate(() => Reflect.get(window, "isSame"))).toBe(true);
    await page.reload();
    expect(await shown(page)).toEqual(second);
    await online(page);
    await page.goBack();
    await until(page, "128 books, page 1 of 13");
  });

  it("filters while one types and by language, in no step of the history, and keeps that when one turns pages", async () => {
    const page = await visitor.open("/tabular");
    const steps = await page.evaluate(() => history.length);
    await page.locator("#text").pressSequentially("dost");
    await until(page, "3 books, page 1 of 1");
    expect(await shown(page)).toMatchObject({ address: "/tabular?text=dost", first: "Crime and Punishment" });
    expect(await focused(page)).toBe("text");
    await page.fill("#text", "");
    await page.selectOption("#language", "French");
    await until(page, "18 books, page 1 of 2");
    expect(await page.evaluate(() => location.search)).toBe("?language=French");
    expect(await page.evaluate(() => history.length)).toBe(steps);
    await page.click("#next");
    await until(page, "18 books, page 2 of 2");
    expect(await page.getAttribute("#next", "aria-disabled")).toBe("true");
    await page.goBack();
    await until(page, "18 books, page 1 of 2");
    expect(await page.inputValue("#language")).toBe("French");
  });

  it("ends with what was typed last, also when the address changes while that is on its way", async () => {
    const { page, sent } = await openWatched("/tabular");
    const calls = () => sent.filter((frame) => frame.includes("Tabular#refine")).length;
    const { held, release } = holding();
    site.proxy.hooks.down = () => held;
    await page.locator("#text").pressSequentially("d");
    await expect.poll(calls).toBe(1);
    await page.locator("#text").pressSequentially("ost");
    await expect.poll(calls).toBe(2);
    release();
    await until(page, "3 books, page 1 of 1");
    expect(await shown(page)).toMatchObject({ address: "/tabular?text=dost", first: "Crime and Punishment" });
    expect(await page.inputValue("#text")).toBe("dost");
  });

  it("shows the same to whom the address is sent, and leaves the other tab where it is", async () => {
    const [page, other] = [await visitor.open("/tabular?language=Russian"), await visitor.open("/tabular")];
    expect(await page.textContent("#table-status")).toBe("9 books, page 1 of 1");
    await page.click("#by-author");
    await page.locator("th[aria-sort=ascending] #by-author").waitFor();
    expect(await shown(other)).toMatchObject({ address: "/tabular", status: "128 books, page 1 of 13" });
    const friend = await site.visitor();
    const sent = await friend.open(new URL(page.url()).pathname + new URL(page.url()).search);
    expect(await shown(sent)).toEqual(await shown(page));
    await friend.context.close();
  });
});

describe("the sign-up form", () => {
  it("tells what is wrong with a field while it is typed in, and complains of no field that nobody has come to", async () => {
    const page = await visitor.open("/signup");
    await page.locator("#name").pressSequentially("ada");
    await shows(page, "#name-message", "ada is taken. How about ada-2?");
    expect(await page.getAttribute("#name", "aria-invalid")).toBe("true");
    expect(await page.getAttribute("#name", "aria-describedby")).toBe("name-message");
    expect(await page.textContent("#email-message")).toBe("");
    await page.locator("#name").pressSequentially("-2");
    await shows(page, "#name-message", "");
    expect(await page.getAttribute("#name", "aria-invalid")).toBe("false");
    await page.locator("#name").press("Tab");
    await page.locator("#email").press("Tab");
    await shows(page, "#email-message", "Give an address.");
    expect(await page.inputValue("#name")).toBe("ada-2");
  });

  it("answers a form that is not finished with a summary, which takes the focus and leads to the fields", async () => {
    const page = await visitor.open("/signup");
    await page.fill("#name", "lin");
    await page.press("#name", "Enter");
    await shows(page, "#summary-heading", "3 things are left to do");
    expect(await focused(page)).toBe("summary");
    expect(await page.locator("[aria-invalid=true]").count()).toBe(3);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("email");
    await page.keyboard.type("lin@example.com");
    await shows(page, "#summary-heading", "2 things are left to do");
    expect(await focused(page)).toBe("email");
  });

  it("welcomes who has filled in everything, and sends no password back", async () => {
    const { page, received } = await openWatched("/signup");
    await page.fill("#name", "lin");
    await page.fill("#email", "lin@example.com");
    await page.fill("#password", "correct horse");
    await page.fill("#repeat", "correct house");
    await shows(page, "#repeat-message", "That is another password.");
    await page.fill("#repeat", "correct horse");
    await page.press("#repeat", "Enter");
    await shows(page, "#welcome-heading", "Welcome, lin");
    expect(await focused(page)).toBe("welcome");
    expect(received.join("")).not.toMatch(/correct ho|lin@example/);
    await page.click("#welcome button");
    await page.locator("#signup").waitFor();
    expect(await page.inputValue("#name")).toBe("");
  });
});

describe("the places", () => {
  it("offer regions of the country and cities of the region, and drop what does not fit any more", async () => {
    const page = await visitor.open("/places");
    expect([await page.isDisabled("#region"), await page.isDisabled("#city")]).toEqual([true, true]);
    await page.selectOption("#country", "Japan");
    await page.locator("#region option", { hasText: "Hyogo" }).waitFor({ state: "attached" });
    expect(await page.isDisabled("#city")).toBe(true);
    await page.selectOption("#region", "Hyogo");
    await page.locator("#city option", { hasText: "Himeji" }).waitFor({ state: "attached" });
    await page.selectOption("#city", "Himeji");
    await shows(page, "#place", "You are in Himeji, Hyogo, Japan.");
    await page.reload();
    await shows(page, "#place", "You are in Himeji, Hyogo, Japan.");
    await online(page);
    await page.selectOption("#country", "Kenya");
    await shows(page, "#place", "Nowhere yet.");
    expect([await page.inputValue("#region"), await page.isDisabled("#city")]).toEqual(["", true]);
    expect(await page.locator("#region option").allTextContents()).toEqual([
      "Choose one",
      "Kisumu",
      "Kiambu",
      "Nakuru",
    ]);
  });

  it("belong to the tab, and take nothing that is not in the atlas", async () => {
    const [page, other] = [await visitor.open("/places"), await visitor.open("/places")];
    await page
      .locator("#country option")
      .nth(1)
      .evaluate((option: HTMLOptionElement) => {
        option.value = "Atlantis";
      });
    await page.selectOption("#country", "Atlantis");
    await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
    expect(await page.isDisabled("#region")).toBe(true);
    await page.selectOption("#country", "India");
    await page.locator("#region:enabled").waitFor();
    expect(await other.isDisabled("#region")).toBe(true);
  });
});

describe("the calendar", () => {
  it("turns over months and goes back to today", async () => {
    const page = await visitor.open("/calendar");
    const month = (await page.textContent("#month-name")) ?? "";
    const today = (await page.textContent("#day-name")) ?? "";
    await page.click("#following");
    await page.waitForFunction((name) => document.querySelector("#month-name")?.textContent !== name, month);
    await page.click("#previous");
    await shows(page, "#month-name", month);
    for (let turn = 0; turn < 12; turn += 1) await page.click("#previous");
    const [name, year] = month.split(" ");
    await shows(page, "#month-name", `${name} ${Number(year) - 1}`);
    await page.reload();
    await shows(page, "#month-name", `${name} ${Number(year) - 1}`);
    await online(page);
    await page.click("#today");
    await shows(page, "#day-name", today);
  });

  it("plans for a day, shows it in the other tab, begins the next plan with an empty field, and forgets again", async () => {
    const [page, other] = [await visitor.open("/calendar"), await visitor.open("/calendar")];
    await page.fill("#day", "2026-02-28");
    await page.fill("[name=title]", "Dentist");
    await page.press("[name=title]", "Enter");
    await shows(page, "#day-name", "Saturday, 28 February 2026");
    await shows(page, "#day-2026-02-28 .day-title", "Dentist");
    expect(await page.inputValue("[name=title]")).toBe("");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("title");
    const day = page.getByRole("button", { name: "Saturday 28 February 2026 Dentist", exact: true });
    expect(await day.getAttribute("id")).toBe("day-2026-02-28");
    await online(other);
    await other.fill("#day", "2026-02-01");
    await other.fill("[name=title]", "Taxes");
    await other.press("[name=title]", "Enter");
    await shows(other, "#day-2026-02-28 .day-title", "Dentist");
    await shows(page, "#day-2026-02-01 .day-title", "Taxes");
    await page.click("[aria-label='Remove Dentist']");
    await page.locator("#entries:not(:has(li))").waitFor({ state: "attached" });
    await shows(other, "#day-2026-02-28 .day-title", "");
  });
});

describe("the month", () => {
  it("is walked through with arrows and page keys, and the focus goes along with the day", async () => {
    const page = await visitor.open("/calendar");
    await page.fill("#day", "2026-03-31");
    await page.fill("[name=title]", "Spring");
    await page.press("[name=title]", "Enter");
    await page.locator("#day-2026-03-31[tabindex='0']").focus();
    expect(await page.locator("#month [tabindex='0']").count()).toBe(1);
    const steps = [
      ["ArrowRight", "2026-04-01"],
      ["ArrowUp", "2026-03-25"],
      ["ArrowLeft", "2026-03-24"],
      ["ArrowDown", "2026-03-31"],
      ["PageUp", "2026-02-28"],
      ["PageDown", "2026-03-28"],
    ] as const;
    for (const [key, day] of steps) {
      await page.keyboard.press(key);
      await page.waitForFunction((id) => document.activeElement?.id === id, `day-${day}`);
    }
    // Quick keys are calls in their order.
    for (let press = 0; press < 5; press += 1) await page.keyboard.press("ArrowRight");
    await page.waitForFunction((id) => document.activeElement?.id === id, "day-2026-04-02");
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("title");
  });
});

describe("the text that is turned round", () => {
  it("follows what is typed, and keeps together what is one character", async () => {
    const page = await visitor.open("/reverse");
    await page.locator("#text").pressSequentially("abc");
    await shows(page, "#reversed", "cba");
    await page.fill("#text", "cafe\u0301 🇫🇷👩‍🚀!");
    await shows(page, "#reversed", "!👩‍🚀🇫🇷 e\u0301fac");
    await page.fill("#text", "");
    await shows(page, "#reversed", "");
  });
});

describe("the pictures of addresses", () => {
  it("are the same for one address however it is written, and another one for another", async () => {
    const { page, received } = await openWatched("/gravatar");
    const shape = () => page.getAttribute("#picture path", "d");
    await page.fill("#email", "ada@example.com");
    await page.locator("#picture").waitFor();
    const [address, drawn] = [await page.textContent("#address"), await shape()];
    received.length = 0;
    await page.fill("#email", "  grace@example.com");
    await expect.poll(() => page.textContent("#address")).not.toBe(address);
    expect(await shape()).not.toBe(drawn);
    // Texts and attributes that differ, not the drawing.
    expect(received.join("")).not.toContain("<svg");
    await page.fill("#email", "Ada@EXAMPLE.com ");
    await expect.poll(() => page.textContent("#address")).toBe(address);
    expect(await shape()).toBe(drawn);
  });
});

describe("the game of snake", () => {
  it("goes on by itself without a script of its own, turns as it is told, and ends at the border", async () => {
    const { page, received } = await openWatched("/snake");
    expect(await page.locator("script[src]").count()).toBe(1);
    await page.click("#start");
    await shows(page, "#game", "It goes.");
    received.length = 0;
    await page.locator("#clock").waitFor({ state: "attached" });
    await page.keyboard.press("ArrowUp");
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.waitForFunction(() => /^Over/.test(document.querySelector("#game")?.textContent ?? ""));
    expect(await page.locator("#clock").count()).toBe(0);
    const { head } = await page.evaluate((side) => {
      const squares = [...document.querySelectorAll("#board i")];
      const head = squares.findIndex((square) => square.className === "head");
      return { head: Math.floor(head / side) };
    }, 15);
    expect(head).toBe(0);
    // A step is a few squares: not the board.
    const largest = Math.max(...received.map((frame) => frame.length));
    expect(largest).toBeLessThan(400);
    await page.click("#start");
    await shows(page, "#game", "It goes.");
    expect(await page.textContent("#length")).toBe("3");
  });

  it("waits for the answer to a step before it makes the next one", async () => {
    const { page, sent } = await openWatched("/snake");
    const ticks = () => sent.filter((frame) => frame.includes("Snake#tick")).length;
    await page.click("#start");
    await expect.poll(ticks).toBeGreaterThan(1);
    const { held, release } = holding();
    site.proxy.hooks.down = () => held;
    await page.locator("#clock[data-reflex-pending]").waitFor({ state: "attached" });
    const made = ticks();
    // The animation of the page is the clock: it stands.
    const states = await page.locator("#clock").evaluate((clock) => clock.getAnimations()[0]?.playState);
    expect(states).toBe("paused");
    expect(ticks()).toBe(made);
    release();
    await expect.poll(ticks).toBeGreaterThan(made);
  });
});

describe("the page of operations", () => {
  const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  /** Those after which the page is another one. */
  const leaving = new Set(["go", "redirectTo", "reload"]);

  it("has a button for every operation, which carries it out and writes its events down", async () => {
    const { page } = await openWatched("/operations");
    const buttons = page.locator("[data-operation]");
    const names = await buttons.evaluateAll((all) => all.map(({ textContent }) => textContent ?? ""));
    expect([...names].sort()).toEqual(Object.keys(OPERATIONS).sort());
    for (const name of names.filter((name) => !leaving.has(name))) {
      await page.click(`[data-operation=${name}]`);
      await page.locator("#log p:first-child", { hasText: `after-${kebab(name)} on` }).waitFor();
    }
    expect(await page.locator("#side #list li").allTextContents()).toEqual(["prepended", "one", "two"]);
    expect(await page.textContent("#line")).toBe("Morphed.");
    await page.click("#reset");
    await shows(page, "#stage #line", "A line of text.");
    expect(await page.locator("#side *").count()).toBe(0);
  });

  it("goes where its operations lead", async () => {
    const { page } = await openWatched("/operations");
    await page.click("[data-operation=pushState]");
    await page.waitForURL("**/operations?pushed");
    await page.click("[data-operation=go]");
    await page.waitForURL("**/operations");
    await page.click("[data-operation=replaceState]");
    await page.waitForURL("**/operations?replaced");
    await page.evaluate(() => Reflect.set(window, "mark", 1));
    await page.click("[data-operation=reload]");
    await page.waitForFunction(() => Reflect.get(window, "mark") === undefined);
    await online(page);
    await page.click("[data-operation=redirectTo]");
    await page.waitForURL("**/operations");
  });

  it("says how far the work is while it goes on", async () => {
    const { page } = await openWatched("/operations");
    await page.click("#work");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 20);
    expect(await page.locator("#work").getAttribute("aria-busy")).toBe("true");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 100);
    await page.locator("[aria-live=polite]", { hasText: "The work is done" }).waitFor({ state: "attached" });
  });
});
