import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestHarness } from "wrangler";
import { NodePage, newCookie } from "../support/node-page.ts";
import { newHarness } from "../support/site.ts";

const SESSIONS = 50;
const TABS = 20;

let harness: TestHarness;
let url: string;

beforeAll(async () => {
  harness = newHarness("fixture");
  url = new URL("/notes", (await harness.listen()).url).href;
});
afterAll(() => harness.close());

/** The open tabs of a new visitor. */
async function newSession(): Promise<readonly NodePage[]> {
  const cookie = await newCookie(url);
  const pages = await Promise.all(Array.from({ length: TABS }, () => NodePage.load(url, cookie)));
  await Promise.all(pages.map((page) => page.until(({ consumer }) => consumer.state === "online")));
  return pages;
}

/** How many of the times the busiest span of so many milliseconds has. */
function busiest(times: readonly number[], spanMs: number): number {
  const counts = times.map((start) => times.filter((at) => at >= start && at < start + spanMs).length);
  return Math.max(...counts);
}

describe("a thousand clients of a server that restarts", () => {
  it("come back by themselves at times of their own, each with a patch, none with its page whole", async () => {
    const sessions: (readonly NodePage[])[] = [];
    for (let index = 0; index < SESSIONS; index += 1) sessions.push(await newSession());
    const pages = sessions.flat();
    for (const page of pages) page.forget();
    const dropped = pages.map((page) => page.until(({ consumer }) => consumer.state === "offline"));
    // One tab of each session calls while the server is away; the others are told by the change.
    const calls = sessions.map(async ([first]) => {
      await first?.until(({ consumer }) => consumer.state === "offline");
      return await first?.consumer.call("Probe#tick", {});
    });
    await harness.update((options) => options);
    await Promise.all(dropped);
    const outcomes = (await Promise.all(calls)).map((result) => result?.outcome);
    expect(outcomes).toEqual(new Array(SESSIONS).fill("done"));
    await Promise.all(pages.map((page) => page.until(({ updates }) => updates.length > 0)));
    const kinds = new Set(
      pages.flatMap(({ updates }) => updates.map(([kind]) => kind.replace(/^\d.*/, "patch"))),
    );
    expect([...kinds].sort()).toEqual(["patch", "template"]);
    const opened = pages.flatMap((page) => page.opened);
    expect(opened).toHaveLength(SESSIONS * TABS);
    // Evenly, a hundred milliseconds of the first pause would have a quarter of them.
    expect(busiest(opened, 100)).toBeLessThan(500);
    for (const page of pages) page.leave();
  }, 120_000);
});
