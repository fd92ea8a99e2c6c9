import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let ada: Visitor;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  ada = await site.visitor();
});
afterEach(async () => {
  expect(ada.complaints).toEqual([]);
  await ada.context.close();
});

const card = (page: Page, id: string) => page.locator(`#card-${id}`);

/** Adds a card to a lane, and gives back its id. */
async function addCard(page: Page, lane: string, title: string): Promise<string> {
  await page.fill(`#add-${lane}`, title);
  await page.keyboard.press("Enter");
  const added = page.locator(`#cards-${lane} [data-title="${title}"]`);
  await added.waitFor();
  return (await added.getAttribute("data-card")) ?? "";
}

/** Presses the pointer on a card's grip, and takes it along to the middle of another element, without letting go. */
async function drag(page: Page, id: string, to: string): Promise<void> {
  await page.hover(`#grip-${id}`);
  await page.mouse.down();
  await dragOn(page, to);
}

async function dragOn(page: Page, to: string): Promise<void> {
  const box = await page.locator(to).boundingBox();
  if (box === null) throw new Error(`${to} has no box`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
}

/** Moves a card with the keyboard. */
async function carry(page: Page, id: string, ...keys: readonly string[]): Promise<void> {
  await page.focus(`#grip-${id}`);
  for (const key of ["Space", ...keys]) await page.keyboard.press(key);
}

/** Waits until a lane has exactly these cards on top, from the first on. */
async function laneHas(page: Page, lane: string, ...titles: readonly string[]): Promise<void> {
  await page.waitForFunction(
    ([lane, ...titles]) => {
      const cards = [...document.querySelectorAll(`#cards-${lane} [data-title]`)];
      return titles.every((title, index) => cards[index]?.getAttribute("data-title") === title);
    },
    [lane, ...titles],
  );
}

/** Nothing of a drag is left in the page. */
async function nothingCarried(page: Page): Promise<void> {
  await page.locator(".board-gap").waitFor({ state: "detached" });
  expect(await page.locator(".board-picture, [data-held], .is-carrying").count()).toBe(0);
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

describe("a card of the board", () => {
  it("goes where the pointer carries it, and stands there after the page is loaded again", async () => {
    const page = await ada.open("/board");
    const id = await addCard(page, "todo", "by pointer");
    await drag(page, id, "#lane-done");
    expect(await page.textContent(".board-picture")).toBe("by pointer");
    expect(await page.locator("#cards-done .board-gap").count()).toBe(1);
    await page.mouse.up();
    await laneHas(page, "done", "by pointer");
    await nothingCarried(page);
    await page.reload();
    await laneHas(page, "done", "by pointer");
    expect(await card(page, id).getAttribute("data-did")).toBe("moved");
  });

  it("goes where the arrows carry it, which are told of each place, and keeps the focus", async () => {
    const page = await ada.open("/board");
    const id = await addCard(page, "doing", "by keyboard");
    const others = await page.locator("#cards-done [data-card]").count();
    await carry(page, id);
    await page.waitForFunction(() =>
      document.querySelector("#board-said")?.textContent?.startsWith("You hold"),
    );
    await page.keyboard.press("ArrowRight");
    await shows(page, "#board-said", `Done, place 2 of ${others + 1}.`);
    await page.keyboard.press("Home");
    await shows(page, "#board-said", `Done, place 1 of ${others + 1}.`);
    await page.keyboard.press("Space");
    await laneHas(page, "done", "by keyboard");
    await nothingCarried(page);
    expect(await focused(page)).toBe(`grip-${id}`);
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      (id) => document.querySelector("#cards-done")?.children[1]?.id === `card-${id}`,
      id,
    );
    expect(await focused(page)).toBe(`grip-${id}`);
  });

  it("stays where it is on escape, and when it is put down there, and no call is made", async () => {
    const page = await ada.open("/board");
    const sent: string[] = [];
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))));
    const id = await addCard(page, "todo", "stays");
    await carry(page, id, "ArrowRight", "Escape");
    await shows(page, "#board-said", "“stays” stays where it is.");
    await carry(page, id, "ArrowRight", "ArrowLeft", "End", "Space");
    await drag(page, id, "#lane-done");
    await page.keyboard.press("Escape");
    await nothingCarried(page);
    await page.mouse.up();
    await page.click("#name-form button");
    await page.waitForFunction(() => !document.documentElement.hasAttribute("data-reflex-pending"));
    expect(sent.filter((frame) => frame.includes("Board#move"))).toEqual([]);
    expect(await page.locator(`#cards-todo > #card-${id}`).count()).toBe(1);
  });

  it("gets another title, without a way into markup, and the focus goes back to where it came from", async () => {
    const page = await ada.open("/board");
    const id = await addCard(page, "todo", "plain");
    await page.focus(`#edit-${id}`);
    await page.keyboard.press("Enter");
    await page.locator("#title:focus").waitFor();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("<b>bold</b> & co");
    await page.keyboard.press("Enter");
    await shows(page, `#card-${id} .card-title`, "<b>bold</b> & co");
    expect(await page.locator("#editor").count()).toBe(0);
    await page.waitForFunction((id) => document.activeElement?.id === `edit-${id}`, id);
    await page.keyboard.press("Enter");
    await page.locator("#title:focus").waitFor();
    await page.keyboard.press("Escape");
    await page.waitForFunction((id) => document.activeElement?.id === `edit-${id}`, id);
  });

  it("needs a title, when it is added and when it is written", async () => {
    const page = await ada.open("/board");
    await page.fill("#add-todo", "   ");
    await page.keyboard.press("Enter");
    await shows(page, "#board-notice", "A card needs a title. Type one first.");
    const id = await addCard(page, "todo", "has one");
    await shows(page, "#board-notice", "");
    await page.click(`#edit-${id}`);
    await page.fill("#title", "");
    await page.keyboard.press("Enter");
    await shows(page, "#board-notice", "A card needs a title. Type one, or delete the card.");
    await page.click("#delete");
    await card(page, id).waitFor({ state: "detached" });
    await page.waitForFunction(() => document.activeElement?.id === "board-heading");
  });

  it("is changed by one visitor so often and no more", async () => {
    const page = await ada.open("/board");
    const id = await addCard(page, "todo", "to and fro");
    const codes = await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) => Promise.all(
      Array.from({ length: 25 }, (_, index) => stimulate("Board#move", "${id}", 1000, index % 2 ? "todo" : "doing", null).then(() => "done"))))`);
    expect(codes).toHaveLength(25);
    await page.waitForFunction(() =>
      document.querySelector("#board-notice")?.textContent?.startsWith("That was a bit much"),
    );
    expect(Number(await card(page, id).getAttribute("data-version"))).toBeLessThan(24);
  });
});
