import { build } from "esbuild";
import type { BrowserContext, Page } from "playwright-core";
import { newVisitor, online } from "../test/support/site.ts";
import type { heldFrames } from "./browser/held-frames.ts";
import type { otherWays } from "./browser/other-ways.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario, Surroundings } from "./scenario.ts";

const ROUNDS = 9;
/** Rows changed in one timing of what takes microseconds: browsers' clocks are coarse. */
const MANY = 20;
const SIZES = [10, 10_000];

/** What the scripts of bench/browser leave in a page's window. */
export interface BenchWindow {
  readonly heldFrames: typeof heldFrames;
  readonly otherWays: typeof otherWays;
}

/** The browser's work for one changed row, by our client and by others, without layout and painting. */
export const clientScenarios: readonly Scenario[] = [
  {
    names: [
      "client.row",
      "client.row.equal",
      "client.row.floor",
      ...SIZES.map((size) => `client.rows.${size}`),
    ],
    measure: async (surroundings) => {
      const usual = await timeClient(surroundings, 1_000);
      const others = await timeOthers(surroundings, 1_000);
      const sizes = [];
      for (const size of SIZES) sizes.push({ size, ms: await timeClient(surroundings, size) });
      return [
        ...rowMeasurements(usual, others),
        ...sizes.map(({ size, ms }) => sizeMeasurement(size, ms, usual)),
      ];
    },
  },
];

interface OtherTimes {
  readonly hand: number;
  readonly morph: number;
  readonly skipping: number;
}

function rowMeasurements(usual: number, { hand, morph, skipping }: OtherTimes): readonly Measurement[] {
  const against = (name: string, ms: number) => ({
    value: 1_000 * usual,
    unit: "µs",
    against: `${name}, ${(1_000 * ms).toPrecision(3)} µs`,
    ratio: usual / ms,
  });
  return [
    { name: "client.row", ...against("morphdom of the body", morph), bar: { of: "ratio", most: 1 / 50 } },
    { name: "client.row.equal", ...against("the same, skipping equal subtrees", skipping) },
    { name: "client.row.floor", ...against("DOM calls by hand", hand), bar: { of: "ratio", most: 3 } },
  ];
}

function sizeMeasurement(size: number, ms: number, usual: number): Measurement {
  return {
    name: `client.rows.${size}`,
    value: 1_000 * ms,
    unit: "µs",
    against: "client.row",
    ratio: ms / usual,
  };
}

/** Milliseconds from a frame to the changed page, each of another row, in a page with our client. */
async function timeClient({ browser, worker }: Surroundings, rowCount: number): Promise<number> {
  const { context } = await newVisitor(browser, worker.origin);
  await context.addInitScript(await browserBundle("bench/browser/held-frames.ts"));
  const page = await context.newPage();
  await page.goto(`/table?rows=${rowCount}`);
  await online(page);
  const times: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const ms = await timeFrames(page, rowsOf(round, rowCount));
    // The first round tells the server what the page shows, and warms up.
    if (round >= 0) times.push(ms / Math.min(MANY, rowCount));
  }
  await context.close();
  return median(times);
}

/** Different rows for each round, all over the table. */
function rowsOf(round: number, rowCount: number): readonly number[] {
  const count = Math.min(MANY, rowCount);
  return Array.from(
    { length: count },
    (_, index) => (Math.floor((index * rowCount) / count) + round + 1) % rowCount,
  );
}

async function timeFrames(page: Page, rows: readonly number[]): Promise<number> {
  await page.evaluate((rows) => {
    (window as unknown as BenchWindow).heldFrames.hold();
    const buttons = document.querySelectorAll<HTMLElement>("#rows button");
    for (const row of rows) buttons[row]?.click();
  }, rows);
  await page.waitForFunction(
    (count) => (window as unknown as BenchWindow).heldFrames.count() >= count,
    rows.length,
  );
  const { ms, before, after } = await page.evaluate(() => {
    const before = document.querySelector("#rows")?.textContent;
    const ms = (window as unknown as BenchWindow).heldFrames.release();
    return { ms, before, after: document.querySelector("#rows")?.textContent };
  });
  if (before === after) throw new Error("The frames changed nothing in the page");
  return ms;
}

async function timeOthers({ browser, worker }: Surroundings, rowCount: number): Promise<OtherTimes> {
  const { context } = await newVisitor(browser, worker.origin);
  const page = await plainPage(context, rowCount);
  const times = { hand: [] as number[], morph: [] as number[], skipping: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const rows = rowsOf(round, rowCount);
    const few = rows.slice(0, 2);
    const sample = await page.evaluate(
      ([rows, few, change]) => {
        const { otherWays } = window as unknown as BenchWindow;
        return {
          hand: otherWays.byHand(rows, 3 * change) / rows.length,
          morph: otherWays.byMorph(few, 3 * change + 1, false) / few.length,
          skipping: otherWays.byMorph(few, 3 * change + 2, true) / few.length,
        };
      },
      [rows, few, round + 2] as const,
    );
    if (round < 0) continue;
    for (const way of ["hand", "morph", "skipping"] as const) times[way].push(sample[way]);
  }
  await context.close();
  return { hand: median(times.hand), morph: median(times.morph), skipping: median(times.skipping) };
}

/** The same page without our client, whose observers would have their part in what others change. */
async function plainPage(context: BrowserContext, rowCount: number): Promise<Page> {
  await context.route("**/_reflex/client.js*", (route) => route.abort());
  const page = await context.newPage();
  await page.goto(`/table?rows=${rowCount}`);
  await page.addScriptTag({ content: await browserBundle("bench/browser/other-ways.ts") });
  return page;
}

/** A script of bench/browser with all that it imports, for a page. */
export async function browserBundle(entryPoint: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    bundle: true,
    format: "iife",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
