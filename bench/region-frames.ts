import type { Browser, Page } from "playwright-core";
import { newVisitor, online } from "../test/support/site.ts";
import { type BenchWindow, browserBundle } from "./client.ts";
import { Publisher, REGION_PATH, Running } from "./publisher.ts";
import type { Measurement } from "./report.ts";
import type { Scenario } from "./scenario.ts";

/** Generations that are not counted: what runs is compiled by then. Fewer than a page is sent unread, as those that are. */
const WARM_UP = 50;
const GENERATIONS = 100;

/** How long is waited for what may not come, in milliseconds. */
const SHORT_MS = 500;

/** The game of life on 50 × 50 cells in one page: a generation after another, each told when the one before is. */
export const regionFrameScenarios: readonly Scenario[] = [
  {
    names: ["topics.life.server", "topics.life.client", "topics.life.bytes"],
    measure: ({ browser }) => measureLife(browser),
  },
];

async function measureLife(browser: Browser): Promise<readonly Measurement[]> {
  const running = await Running.start();
  try {
    const { context } = await newVisitor(browser, running.worker.origin);
    await context.addInitScript(await browserBundle("bench/browser/held-frames.ts"));
    const page = await context.newPage();
    await page.goto(REGION_PATH);
    await online(page);
    const publisher = new Publisher(running.worker.origin, "region");
    await follow(page, publisher);
    await live(page, publisher, WARM_UP);
    await page.evaluate(() => (window as unknown as BenchWindow).heldFrames.release());
    const before = running.cpuMs;
    await live(page, publisher, GENERATIONS);
    const cpuMs = running.cpuMs - before;
    const { ms, characters } = await page.evaluate(() => {
      const { heldFrames } = window as unknown as BenchWindow;
      return { characters: heldFrames.characters(), ms: heldFrames.release() };
    });
    const shown = await page.textContent("output");
    if (shown !== `change ${publisher.last}.`)
      throw new Error(`The page shows ${shown}, of ${publisher.last}`);
    await context.close();
    const against = `${GENERATIONS} generations, a frame each`;
    return [
      { name: "topics.life.server", value: cpuMs / GENERATIONS, unit: "ms", against },
      { name: "topics.life.client", value: ms / GENERATIONS, unit: "ms", against },
      { name: "topics.life.bytes", value: characters / GENERATIONS, unit: "bytes", against },
    ];
  } finally {
    await running.stop();
  }
}

/** Makes generations until the page shows one: until its session follows the region, none is told. */
async function follow(page: Page, publisher: Publisher): Promise<void> {
  const shows = (text: string) =>
    page
      .waitForFunction((text) => document.querySelector("output")?.textContent === text, text, {
        timeout: SHORT_MS,
      })
      .then(
        () => true,
        () => false,
      );
  for (let tries = 0; tries < 20; tries += 1) {
    await publisher.publish();
    if (await shows(`change ${publisher.last}.`)) return;
  }
  throw new Error("The page was told of no generation");
}

/** Makes generations, and waits for the frame of each, which the page does not read yet. */
async function live(page: Page, publisher: Publisher, generations: number): Promise<void> {
  await page.evaluate(() => (window as unknown as BenchWindow).heldFrames.hold());
  for (let held = 1; held <= generations; held += 1) {
    await publisher.publish();
    await page.waitForFunction(
      (count) => (window as unknown as BenchWindow).heldFrames.count() >= count,
      held,
    );
  }
}
