import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitors: Visitor[] = [];

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
afterEach(async () => {
  site.proxy.hooks = {};
  for (const { complaints } of visitors) expect(complaints).toEqual([]);
  await Promise.all(visitors.map(({ context }) => context.close()));
  visitors = [];
});

/** A shelf of its own for each test, in the tabs of visitors of their own. */
class Scene {
  readonly path = `/shelf?shelf=${crypto.randomUUID().slice(0, 8)}`;

  async open(): Promise<Page> {
    const visitor = await site.visitor();
    visitors.push(visitor);
    return await visitor.open(this.path);
  }

  /** How often the region and its page were rendered. */
  async counts(): Promise<{ readonly regions: number; readonly pages: number }> {
    return await (await fetch(site.url + this.path.replace("?", "/counts?"))).json();
  }
}

/** Calls an action from the page's own code. */
async function call(page: Page, ...given: readonly unknown[]): Promise<void> {
  await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate(...${JSON.stringify(given)}).then(() => {}))`);
}

const titles = (page: Page) => page.locator("#shelf li").allTextContents();

/** Waits until a page shows these. */
async function holds(page: Page, ...wanted: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await titles(page)).map((title) => title.trim()), { timeout: 10_000 })
    .toEqual(wanted);
}

/** The text frames that come down to pages, in order. */
function framesDown(): string[] {
  const frames: string[] = [];
  site.proxy.hooks.down = (text) => {
    frames.push(text);
    return "forward";
  };
  return frames;
}

describe("a region in two browsers", () => {
  it("changes where it stands, with focus and typing left alone, and renders no page", async () => {
    const scene = new Scene();
    const [writer, reader] = [await scene.open(), await scene.open()];
    await reader.fill('[name="two"]', "typed");
    await reader.focus('[name="two"]');
    const field = await reader.locator('[name="two"]').elementHandle();
    const before = await scene.counts();
    await call(writer, "Shelver#put", "zero", "one", "two", "three");
    for (const page of [writer, reader]) await holds(page, "zero", "one", "two", "three");
    await call(writer, "Shelver#say", "loud");
    for (const page of [writer, reader]) await page.waitForSelector('#shelf[data-note="loud"]');
    expect(await field?.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await reader.inputValue('[name="two"]')).toBe("typed");
    const after = await scene.counts();
    expect(after.regions - before.regions).toBe(2);
    // Those of the writer's two calls: what the tab shows is found out before, when it is not at hand.
    expect(after.pages - before.pages).toBeLessThanOrEqual(4);
  });

  it("stays while the rest of its page changes, and the rest while it does", async () => {
    const scene = new Scene();
    const [one, other] = [await scene.open(), await scene.open()];
    const region = await one.locator("#shelf").elementHandle();
    await one.click("#click");
    await shows(one, "#clicks", "1");
    await call(other, "Shelver#put", "two");
    await holds(one, "two");
    await one.click("#click");
    await shows(one, "#clicks", "2");
    await call(one);
    expect(await region?.evaluate((element) => element.isConnected)).toBe(true);
    await holds(one, "two");
    await shows(other, "#clicks", "0");
  });

  it("runs the reflexes that it declares", async () => {
    const scene = new Scene();
    const [one, other] = [await scene.open(), await scene.open()];
    await one.click("#cut");
    for (const page of [one, other]) await holds(page, "two");
  });

  it("is told in frames as short as what changed", async () => {
    const scene = new Scene();
    const [writer] = [await scene.open(), await scene.open()];
    await call(writer, "Shelver#say", "a");
    const frames = framesDown();
    await call(writer, "Shelver#say", "b");
    await expect.poll(() => frames.filter((frame) => frame.includes('"data-note","b"')).length).toBe(2);
    for (const frame of frames) expect(frame.length).toBeLessThan(120);
  });
});

describe("a region that a page has missed", () => {
  it("is caught up with when its connection comes back", async () => {
    const scene = new Scene();
    const [writer, reader] = [await scene.open(), await scene.open()];
    const wire = await site.newProxy();
    const visitor = await site.visitor(wire);
    visitors.push(visitor);
    const away = await visitor.open(scene.path);
    await call(writer, "Shelver#put", "one", "two", "three");
    await holds(away, "one", "two", "three");
    wire.isRefusing = true;
    wire.cut();
    await call(writer, "Shelver#put", "three", "two");
    await holds(reader, "three", "two");
    expect(await titles(away)).toHaveLength(3);
    wire.isRefusing = false;
    await online(away);
    await holds(away, "three", "two");
    visitor.complaints.length = 0;
  });

  it("is right again when every session has slept", async () => {
    const scene = new Scene();
    const [writer, reader] = [await scene.open(), await scene.open()];
    await call(writer, "Shelver#put", "one");
    await holds(reader, "one");
    await site.evict();
    await call(writer, "Shelver#put", "one", "two");
    await holds(reader, "one", "two");
    await call(writer, "Shelver#put", "two");
    await holds(reader, "two");
  });

  it("is brought back when something else has changed it", async () => {
    const scene = new Scene();
    const [writer, reader] = [await scene.open(), await scene.open()];
    await reader.evaluate(() => document.querySelector("#shelf ul")?.remove());
    await call(writer, "Shelver#put", "one", "two", "three");
    await holds(reader, "one", "two", "three");
    for (const visitor of visitors) visitor.complaints.length = 0;
  });
});
