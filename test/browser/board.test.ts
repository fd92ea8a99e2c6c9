import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../support/proxy.ts";
import { shows } from "../support/site.ts";
import { openBoth, twoVisitors } from "../support/two-visitors.ts";

const visitors = twoVisitors();

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

/** Every card of the board, lane by lane, and what of it shows. */
const board = (page: Page) =>
  page.locator("[data-card]").evaluateAll((cards) => cards.map((card) => card.outerHTML));

/** Nothing of a drag is left in the page. */
async function nothingCarried(page: Page): Promise<void> {
  await page.locator(".board-gap").waitFor({ state: "detached" });
  expect(await page.locator(".board-picture, [data-held], .is-carrying").count()).toBe(0);
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);

describe("a card of the board", () => {
  it("goes where the pointer carries it, and stands there after the page is loaded again", async () => {
    const page = await visitors.ada.open("/board");
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
    const page = await visitors.ada.open("/board");
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
    const page = await visitors.ada.open("/board");
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
    const page = await visitors.ada.open("/board");
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
    const page = await visitors.ada.open("/board");
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
    const page = await visitors.ada.open("/board");
    const id = await addCard(page, "todo", "to and fro");
    const codes = await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) => Promise.all(
      Array.from({ length: 60 }, (_, index) => stimulate("Board#move", "${id}", 1000, index % 2 ? "todo" : "doing", null).then(() => "done"))))`);
    expect(codes).toHaveLength(60);
    await page.waitForFunction(() =>
      document.querySelector("#board-notice")?.textContent?.startsWith("That was a bit much"),
    );
    expect(Number(await card(page, id).getAttribute("data-version"))).toBeLessThan(50);
  });
});

describe("two people at the board, in two browsers", () => {
  it("edit it at once: both converge, and focus and drag of neither are disturbed", async () => {
    const [mine, theirs] = await openBoth(visitors, "/board");
    const dragged = await addCard(mine, "todo", "dragged by Ada");
    const moved = await addCard(theirs, "todo", "moved by Grace");
    await card(mine, moved).waitFor();
    // Ada has the card in the air; Grace has half a title in a field.
    await drag(mine, dragged, "#lane-done");
    await theirs.focus("#add-doing");
    await theirs.keyboard.type("half a");
    // Grace changes what Ada carries, and what is around it.
    await carry(theirs, moved, "ArrowRight", "ArrowRight", "Home", "Space");
    await laneHas(mine, "done", "moved by Grace");
    await theirs.click(`#edit-${dragged}`);
    await theirs.locator("#title:focus").waitFor();
    await theirs.fill("#title", "written by Grace");
    // The answer that closes her form, and gives the focus back, finds her in another field.
    const { promise: held, resolve } = Promise.withResolvers<Verdict>();
    const { hooks } = visitors.site.proxy;
    visitors.site.proxy.hooks = { ...hooks, down: (text) => (text.includes("setFocus") ? held : "forward") };
    await theirs.keyboard.press("Enter");
    await shows(mine, "#board-said", "Grace has just edited “dragged by Ada”, which you hold.");
    expect(await mine.textContent(".board-picture")).toBe("dragged by Ada");
    expect(await mine.locator("#cards-done .board-gap").count()).toBe(1);
    expect(await mine.locator(`#cards-todo > #card-${dragged}[data-held]`).count()).toBe(1);
    await theirs.focus("#add-doing");
    await theirs.keyboard.press("End");
    await theirs.keyboard.type(" title");
    await theirs.keyboard.press("Home");
    resolve("forward");
    await theirs.locator("#editor").waitFor({ state: "detached" });
    visitors.site.proxy.hooks = hooks;
    // Ada lets go: what she saw of its place was true, so it goes there, with Grace's title.
    await dragOn(mine, "#lane-done");
    await mine.mouse.up();
    await laneHas(mine, "done", "written by Grace", "moved by Grace");
    await laneHas(theirs, "done", "written by Grace", "moved by Grace");
    await nothingCarried(mine);
    expect(await focused(theirs)).toBe("add-doing");
    const field = theirs.locator("#add-doing");
    expect(await field.inputValue()).toBe("half a title");
    expect(await field.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(0);
    await theirs.keyboard.type("more than ");
    await theirs.keyboard.press("Enter");
    await mine.locator('#cards-doing [data-title="more than half a title"]').waitFor();
    expect(await board(mine)).toEqual(await board(theirs));
    const fresh = await (await visitors.site.visitor()).open("/board");
    expect(await board(fresh)).toEqual(await board(mine));
    await fresh.context().close();
  });

  it("each drag a card at once, and both land", async () => {
    const [mine, theirs] = await openBoth(visitors, "/board");
    const [one, two] = [await addCard(mine, "todo", "one"), await addCard(theirs, "todo", "two")];
    await card(mine, two).waitFor();
    await Promise.all([drag(mine, one, "#lane-doing"), drag(theirs, two, "#lane-doing")]);
    await Promise.all([mine.mouse.up(), theirs.mouse.up()]);
    for (const page of [mine, theirs]) {
      await page.locator(`#cards-doing > #card-${one}`).waitFor();
      await page.locator(`#cards-doing > #card-${two}`).waitFor();
      await nothingCarried(page);
    }
    expect(await board(mine)).toEqual(await board(theirs));
  });

  it("do not move the same card twice: the second is told, while it is held and when it is put down", async () => {
    const [mine, theirs] = await openBoth(visitors, "/board");
    const id = await addCard(mine, "todo", "wanted by both");
    await card(theirs, id).waitFor();
    await drag(mine, id, "#lane-done");
    await carry(theirs, id, "ArrowRight", "Home", "Space");
    await laneHas(mine, "doing", "wanted by both");
    await shows(mine, "#board-said", "Grace has just moved “wanted by both”, which you hold.");
    await dragOn(mine, "#lane-done");
    await mine.mouse.up();
    await shows(
      mine,
      "#board-notice",
      "Grace has moved “wanted by both” to “Doing” while you held it. It stays there, unless you move it again.",
    );
    await laneHas(theirs, "doing", "wanted by both");
    await nothingCarried(mine);
    // Who has seen that may move it.
    await carry(mine, id, "ArrowRight", "Home", "Space");
    await laneHas(theirs, "done", "wanted by both");
  });

  it("are told of a card that has been deleted while they hold it", async () => {
    const [mine, theirs] = await openBoth(visitors, "/board");
    const id = await addCard(mine, "todo", "not for long");
    await card(theirs, id).waitFor();
    await drag(mine, id, "#lane-done");
    await theirs.click(`#edit-${id}`);
    await theirs.click("#delete");
    await shows(mine, "#board-said", "Somebody has deleted “not for long” while you held it.");
    await nothingCarried(mine);
    await mine.mouse.up();
    await carry(theirs, await addCard(theirs, "todo", "again"), "Escape");
  });

  it("do not overwrite each other's title unseen, whatever becomes of the card while it is written", async () => {
    const [mine, theirs] = await openBoth(visitors, "/board");
    const id = await addCard(mine, "todo", "as it was");
    await mine.click(`#edit-${id}`);
    await mine.locator("#title:focus").waitFor();
    await mine.keyboard.press("Control+A");
    await mine.keyboard.type("as Ada");
    await carry(theirs, id, "ArrowRight", "Home", "Space");
    await laneHas(mine, "doing", "as it was");
    await theirs.click(`#edit-${id}`);
    await theirs.fill("#title", "as Grace says");
    await theirs.keyboard.press("Enter");
    await shows(mine, "#meanwhile", "Grace has called it “as Grace says” meanwhile.");
    expect(await focused(mine)).toBe("title");
    await mine.keyboard.type(" says");
    await mine.keyboard.press("Enter");
    await shows(
      mine,
      "#board-notice",
      "Grace has written “as Grace says” meanwhile. Save again to put yours in its place, or cancel to leave it.",
    );
    expect(await mine.inputValue("#title")).toBe("as Ada says");
    await laneHas(theirs, "doing", "as Grace says");
    await mine.keyboard.press("Enter");
    await laneHas(theirs, "doing", "as Ada says");
    await mine.locator("#editor").waitFor({ state: "detached" });
  });
});
