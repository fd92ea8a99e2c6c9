import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Site, stimulate, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/report");
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

/** What the database knows of the visitor's reports, latest first. */
async function rows(): Promise<readonly Record<string, unknown>[]> {
  const { DB } = await site.harness.getWorker().getEnv();
  const { results } = await DB.prepare("SELECT * FROM reports ORDER BY asked_at DESC").all();
  return results;
}

/** Waits until the page shows so many reports of a state. */
async function shows(state: "asked" | "made", count: number): Promise<void> {
  await page.waitForFunction(([selector, count]) => document.querySelectorAll(selector).length === count, [
    `.report-${state}`,
    count,
  ] as const);
}

describe("a report", () => {
  it("is ordered by a button, made by the queue, and shown in every tab of the visitor when it is there", async () => {
    const todos = await visitor.context.newPage();
    await todos.goto("/todos");
    await todos.locator(".new-todo").fill("buy milk");
    await todos.locator(".new-todo").press("Enter");
    await todos.locator(".todo-list li").waitFor();
    const second = await visitor.open("/report");
    await page.click("#ask");
    await shows("asked", 1);
    expect(await page.isDisabled("#ask")).toBe(true);
    await shows("made", 1);
    expect(await page.isDisabled("#ask")).toBe(false);
    expect(await page.textContent(".report-made span")).toBe("1 todos on 1 lists, 0 of them completed");
    await second.locator(".report-made").waitFor();
  });

  it("is ordered once, whoever calls for it while it is being made", async () => {
    const before = (await rows()).length;
    const second = await visitor.open("/report");
    expect(await Promise.all([page, second, page].map((tab) => stimulate(tab, "Reports#ask")))).toEqual([
      "done",
      "done",
      "done",
    ]);
    expect(await rows()).toHaveLength(before + 1);
    await shows("made", 1);
  });

  it("is made once when its message is delivered twice", async () => {
    await page.click("#ask");
    await shows("made", 1);
    const [made] = await rows();
    const { DB, REPORTS } = await site.harness.getWorker().getEnv();
    await DB.batch([
      DB.prepare("INSERT INTO todos (id, visitor, title, position) VALUES ('more', 'somebody', 'else', 1)"),
      DB.prepare("INSERT INTO reports (key, visitor, asked_at) VALUES ('behind', 'somebody', 0)"),
    ]);
    await REPORTS.sendBatch([{ body: made?.key }, { body: "behind" }]);
    const find = async (key: unknown) => (await rows()).find((row) => row.key === key);
    await vi.waitFor(async () => expect(await find("behind")).toMatchObject({ state: "made" }), {
      timeout: 10_000,
    });
    expect(await find(made?.key)).toEqual(made);
  });
});
