import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { shows } from "../support/site.ts";
import { twoVisitors } from "../support/two-visitors.ts";

const visitors = twoVisitors();

beforeEach(async () => {
  const life = await game();
  await life.scatter();
  await life.pause(false);
});

/** The game itself, past all pages. */
async function game() {
  const { LIFE } = await visitors.site.harness.getWorker().getEnv();
  return LIFE.getByName("1");
}

const generation = async (page: Page) => Number(await page.textContent("#generation"));

/** Waits until the game has gone on by so many generations. */
async function goesOn(page: Page, generations: number): Promise<void> {
  const from = await generation(page);
  await page.waitForFunction(
    (to) => Number(document.querySelector("#generation")?.textContent) >= to,
    from + generations,
  );
}

/** Clicks a cell of the board, by its column and row. */
async function click(page: Page, column: number, row: number): Promise<void> {
  await page.locator("#life-board").scrollIntoViewIfNeeded();
  const box = await page.locator("#life-board").boundingBox();
  if (box === null) throw new Error("The board has no box");
  const side = box.width / 50;
  await page.mouse.click(box.x + (column + 0.5) * side, box.y + (row + 0.5) * side);
}

/** What the page shows of the rows that have life in them: which they are, and their lines. */
const rows = (page: Page) =>
  page
    .locator("#life-board path")
    .evaluateAll((paths) =>
      [...paths.entries()].flatMap(([row, path]) =>
        path.getAttribute("d") ? [[row, path.getAttribute("d")]] : [],
      ),
    );

/** Has the game stand still, without life. */
async function standStill(page: Page): Promise<void> {
  if ((await page.textContent("#pause")) === "Pause") await page.click("#pause");
  await shows(page, "#pause", "Go on");
  await page.click("#clear");
  await shows(page, "#population", "0");
}

describe("the game of life", () => {
  it("goes on by itself, the same for everybody", async () => {
    const [mine, theirs] = await Promise.all([visitors.ada.open("/life"), visitors.grace.open("/life")]);
    await goesOn(mine, 5);
    await goesOn(theirs, 5);
    await shows(mine, "#watchers", "One other watches.");
    await mine.click("#pause");
    await shows(mine, "#pause", "Go on");
    await shows(theirs, "#pause", "Go on");
    expect(await rows(theirs)).toEqual(await rows(mine));
    expect(await generation(theirs)).toBe(await generation(mine));
    await theirs.click("#pause");
    await goesOn(mine, 2);
  });

  it("is changed by everybody, by pointer and by keyboard, and follows its rules from there", async () => {
    const [mine, theirs] = await Promise.all([visitors.ada.open("/life"), visitors.grace.open("/life")]);
    await standStill(mine);
    await click(mine, 10, 20);
    await click(mine, 11, 20);
    await shows(theirs, "#population", "2");
    await theirs.focus("#life-board");
    // From the middle of the board, at 25 and 25.
    for (const _ of Array(13)) await theirs.keyboard.press("ArrowLeft");
    for (const _ of Array(5)) await theirs.keyboard.press("ArrowUp");
    await shows(theirs, "#life-said", "Row 21, column 13");
    await theirs.keyboard.press("Enter");
    await shows(theirs, "#life-said", "Row 21, column 13 lives.");
    await shows(mine, "#population", "3");
    expect(await rows(mine)).toEqual([[20, "M10 0h3"]]);
    await shows(theirs, "#population", "3");
    expect(await rows(theirs)).toEqual([[20, "M10 0h3"]]);
    expect(await theirs.evaluate(() => document.activeElement?.id)).toBe("life-board");
    await click(theirs, 12, 20);
    await shows(theirs, "#life-said", "Row 21, column 13 dies.");
    await shows(mine, "#population", "2");
    await mine.click("#pause");
    // Two alone die.
    await shows(theirs, "#population", "0");
    await mine.click("#scatter");
    await goesOn(theirs, 3);
  });

  it("keeps the keyboard's mark while generations come", async () => {
    const page = await visitors.ada.open("/life");
    await page.focus("#life-board");
    await page.keyboard.press("ArrowRight");
    await goesOn(page, 5);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("life-board");
    const column = () =>
      page.locator(".life-mark").evaluate((mark) => getComputedStyle(mark).getPropertyValue("--column"));
    expect(await column()).toBe("26");
  });

  it("is changed by one visitor so often and no more, and not by what is no cell", async () => {
    const page = await visitors.ada.open("/life");
    await standStill(page);
    const outcomes = (await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) => Promise.all(
      [-1, 2500, "0", null, 0.5, ...Array(40).fill(7)].map((cell) =>
        stimulate("Life#toggle", cell).then(({ outcome }) => outcome))))`)) as readonly string[];
    expect(outcomes.filter((outcome) => outcome === "halted").length).toBeGreaterThan(0);
    expect(["0", "1"]).toContain(await page.textContent("#population"));
  });

  it("sleeps when nobody watches, and goes on from there when somebody comes", async () => {
    const page = await visitors.ada.open("/life");
    await goesOn(page, 3);
    await page.close();
    const life = await game();
    let before = -1;
    await vi.waitFor(
      async () => {
        const { generation } = await life.look();
        const isStill = generation === before;
        before = generation;
        expect(isStill).toBe(true);
      },
      { timeout: 25_000, interval: 1000 },
    );
    const again = await visitors.grace.open("/life");
    expect(await generation(again)).toBeGreaterThanOrEqual(before);
    await goesOn(again, 3);
  });
});
