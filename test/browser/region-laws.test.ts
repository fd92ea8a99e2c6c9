import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";

/** `REGION_RUNS=100000 npx vitest run --project browser region-laws` for many; `REGION_SEED` repeats a run. */
const RUNS = Number(process.env.REGION_RUNS ?? 2_000);
const SEED = Number(process.env.REGION_SEED ?? Date.now() % 1_000_000);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entryPoints = ["test/browser/laws/regions-entry.ts"];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
afterAll(() => browser.close());

describe(`regions, over ${RUNS} random pages (REGION_SEED=${SEED})`, () => {
  it("show what a fresh render shows, whatever changes in them and around them, and whoever forgets", {
    timeout: 600_000,
  }, async () => {
    const counterexample = await page.evaluate(
      async ([runs, seed]) => {
        try {
          await Reflect.get(window, "checkRegions")(runs, seed);
          return "";
        } catch (error) {
          const { cause, message } = error as Error;
          return `${message}\n${cause instanceof Error ? cause.message : ""}`;
        }
      },
      [RUNS, SEED] as const,
    );
    expect(counterexample).toBe("");
  });
});
