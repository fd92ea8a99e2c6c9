import { parseArgs } from "node:util";
import { launchBrowser } from "../test/support/site.ts";
import { BenchWorker, buildWorker } from "./bench-worker.ts";
import { bundleScenarios } from "./bundle.ts";
import { bytesScenarios } from "./bytes.ts";
import { cacheScenarios } from "./cache.ts";
import { clientScenarios } from "./client.ts";
import { memoryScenarios } from "./memory.ts";
import { regionFrameScenarios } from "./region-frames.ts";
import { type Measurement, printTable, writeDocument, writeJson } from "./report.ts";
import { roundtripScenarios } from "./roundtrip.ts";
import type { Scenario } from "./scenario.ts";
import { stateScenarios } from "./state.ts";
import { topicScenarios } from "./topics.ts";
import { turnScenarios } from "./turn.ts";
import { uploadScenarios } from "./uploads.ts";

// `npm run bench`: measures what docs/performance.md promises. `--only turn` runs what begins so; `--json FILE` writes
// the figures, `--docs FILE` puts them into a document. A bar that is not met is printed; only a scenario that does not work makes the run fail.

const SCENARIOS = [
  ...bytesScenarios,
  ...turnScenarios,
  ...roundtripScenarios,
  ...stateScenarios,
  ...cacheScenarios,
  ...clientScenarios,
  ...bundleScenarios,
  ...memoryScenarios,
  ...uploadScenarios,
  ...topicScenarios,
  ...regionFrameScenarios,
];

const { values } = parseArgs({
  options: { json: { type: "string" }, docs: { type: "string" }, only: { type: "string", default: "" } },
});
const isWanted = (name: string) => name.startsWith(values.only);
const chosen = SCENARIOS.filter(({ names }) => names.some(isWanted));
if (chosen.length === 0) {
  const names = SCENARIOS.flatMap((scenario) => scenario.names).join(" ");
  throw new Error(`No figure's name begins with ${JSON.stringify(values.only)}; there are: ${names}`);
}
const measurements = (await measureAll(chosen)).filter(({ name }) => isWanted(name));
printTable(measurements);
if (values.json !== undefined) writeJson(values.json, measurements);
if (values.docs !== undefined) writeDocument(values.docs, measurements);

async function measureAll(scenarios: readonly Scenario[]): Promise<readonly Measurement[]> {
  buildWorker();
  const worker = await BenchWorker.start();
  try {
    const browser = await launchBrowser();
    try {
      const all: Measurement[] = [];
      for (const scenario of scenarios) all.push(...(await measure(scenario, { worker, browser })));
      return all;
    } finally {
      await browser.close();
    }
  } finally {
    await worker.stop();
  }
}

async function measure(
  scenario: Scenario,
  surroundings: Parameters<Scenario["measure"]>[0],
): Promise<readonly Measurement[]> {
  const start = performance.now();
  const measurements = await scenario.measure(surroundings);
  const missing = scenario.names.filter((name) =>
    measurements.every((measurement) => measurement.name !== name),
  );
  if (missing.length > 0) throw new Error(`Nothing was measured for ${missing.join(" ")}`);
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  console.error(`${scenario.names[0]} … ${seconds} s`);
  return measurements;
}
