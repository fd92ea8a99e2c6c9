import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { launchBrowser } from "../support/site.ts";
import { buildBoth } from "./builds.ts";
import { runChaos } from "./chaos.ts";
import { runMany } from "./many.ts";
import { isKept } from "./verdict.ts";

// `npm run chaos -- --seed 7 --calls 10000 --json FILE`: one run, its report as JSON. Fails when anything was lost,
// done twice, out of order, left open, or shown otherwise than it is. Without a seed, one is drawn and printed.
// With `--many`: fifty sessions on five topics, in place of the tabs of one session.

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    calls: { type: "string", default: "1000" },
    json: { type: "string" },
    many: { type: "boolean", default: false },
  },
});
const seed = wholeNumber("seed");
const calls = wholeNumber("calls");
console.error(`seed ${seed}, ${calls} calls`);
buildBoth();
const browser = await launchBrowser();
try {
  const started = performance.now();
  const run = values.many ? runMany : runChaos;
  const report = await run(browser, { seed, calls, complain: console.error });
  const seconds = Math.round((performance.now() - started) / 1_000);
  const faults = Object.values(report.faults).reduce((sum, count) => sum + count, 0);
  console.error(`${faults} faults in ${seconds} s`);
  const text = JSON.stringify(report, null, 2);
  console.log(text);
  if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
  if (!isKept(report)) process.exitCode = 1;
} finally {
  await browser.close();
}

function wholeNumber(name: "seed" | "calls"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`Expected a whole number for --${name}, got ${JSON.stringify(values[name])}`);
}
