import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";

/** `PATCH_RUNS=1000000 npx vitest run --project browser patch-laws` for millions; `PATCH_SEED` repeats a run. */
const RUNS = Number(process.env.PATCH_RUNS ?? 10_000);
const SEED = Number(process.env.PATCH_SEED ?? Date.now() % 1_000_000);

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entryPoints = ["test/browser/laws/entry.ts"];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
afterAll(() => browser.close());

/** Runs one law in the page; what comes back is empty, or the counterexample. */
async function counterexample(law: "checkEqual" | "checkMorphs" | "checkPatches"): Promise<string> {
  return await page.evaluate(
    ([law, runs, seed]) => {
      try {
        Reflect.get(window, law)(runs, seed);
        return "";
      } catch (error) {
        const { cause, message } = error as Error;
        return `${message}\n${cause instanceof Error ? cause.message : ""}`;
      }
    },
    [law, RUNS, SEED] as const,
  );
}

describe(`patches, over ${RUNS} random pages (PATCH_SEED=${SEED})`, () => {
  it("make of the old page what a fresh render of the new one is, in a real DOM", {
    timeout: 600_000,
  }, async () => {
    expect(await counterexample("checkPatches")).toBe("");
  });

  it("can be done without: a morph of the whole page leads to the same", { timeout: 600_000 }, async () => {
    expect(await counterexample("checkMorphs")).toBe("");
  });

  it("are empty between equal renders", { timeout: 600_000 }, async () => {
    expect(await counterexample("checkEqual")).toBe("");
  });
});
