import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";
import type { Tally } from "./laws/opaque-entry.ts";

/** `PATCH_RUNS=1000000 npx vitest run --project browser opaque-laws` for millions; `PATCH_SEED` repeats a run. */
const RUNS = Number(process.env.PATCH_RUNS ?? 10_000);
const SEED = Number(process.env.PATCH_SEED ?? Date.now() % 1_000_000);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entryPoints = ["test/browser/laws/opaque-entry.ts"];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  browser = await launchBrowser();
  page = await browser.newPage();
  // A blank page is in quirks mode, which no application is.
  await page.setContent("<!doctype html><title>laws</title>");
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
afterAll(() => browser.close());

type Way = "parsing" | "morphing";

/** What was done; throws the counterexample. */
async function check(way: Way): Promise<Tally> {
  const outcome = await page.evaluate(
    ([runs, seed, way]): Tally | string => {
      try {
        return Reflect.get(window, "checkOpaque")(runs, seed, way);
      } catch (error) {
        const { cause, message } = error as Error;
        return `${message}\n${cause instanceof Error ? cause.message : ""}`;
      }
    },
    [RUNS, SEED, way] as const,
  );
  if (typeof outcome === "string") throw new Error(outcome);
  console.log(`by ${way}, of all updates:`, outcome);
  return outcome;
}

describe(`cuts of opaque HTML, over ${RUNS} random pages (PATCH_SEED=${SEED})`, () => {
  it("make of the old page what the new HTML makes, in a real DOM", { timeout: 3_600_000 }, async () => {
    const { regular, regularCut, regularChars, cutChars } = await check("parsing");
    // Elements with ids are not around everything. Who gave up more, or cut larger, would have no law to break.
    expect(regularCut / regular).toBeGreaterThan(0.5);
    expect(cutChars / regularChars).toBeLessThan(0.5);
  });

  it("do so by morphs, as the client makes them", { timeout: 3_600_000 }, async () => {
    const { updates, parsed } = await check("morphing");
    expect(parsed / updates).toBeLessThan(0.5);
  });
});
