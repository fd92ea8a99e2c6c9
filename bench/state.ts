import type { BenchWorker } from "./bench-worker.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 9;
const READS = 20_000;
const CALLS = 200;

/** What the rows of one turn may be at most: they are counted, not timed. */
const ROWS = { first: 2, read: 0, small: 1, twenty: 1, large: 2, tab: 1, structure: 1 } as const;

/** Reading a session where the page runs, against the one call of another object that it would be elsewhere; and rows written. */
export const stateScenarios: readonly Scenario[] = [
  { names: ["session.read"], measure: async ({ worker }) => [await measureReads(worker)] },
  {
    names: Object.keys(ROWS).map((name) => `rows.${name}`),
    measure: async ({ worker }) => await countRows(worker),
  },
];

async function measureReads(worker: BenchWorker): Promise<Measurement> {
  const reads: number[] = [];
  const calls: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const idleMs = await time(worker, "way=read&times=0");
    const readMs = ((await time(worker, `way=read&times=${READS}`)) - idleMs) / READS;
    const callMs = ((await time(worker, `way=call&times=${CALLS}`)) - idleMs) / CALLS;
    // The first round warms up.
    if (round < 0) continue;
    reads.push(readMs);
    calls.push(callMs);
  }
  const [value, call] = [median(reads) * 1_000, median(calls) * 1_000];
  return {
    name: "session.read",
    value,
    unit: "µs",
    against: `one call of another object, ${call.toPrecision(3)} µs`,
    ratio: value / call,
    bar: { of: "ratio", most: 1 / 20 },
  };
}

async function countRows(worker: BenchWorker): Promise<readonly Measurement[]> {
  const response = await fetch(`${worker.origin}/bench/state?way=rows`);
  const text = await response.text();
  if (!response.ok) throw new Error(`The rows were not counted: ${text.slice(0, 200)}`);
  const counted: Readonly<Record<string, number>> = JSON.parse(text);
  return Object.entries(ROWS).map(([name, most]) => ({
    name: `rows.${name}`,
    value: counted[name] ?? Number.NaN,
    unit: "rows",
    bar: { of: "value", most },
  }));
}

async function time(worker: BenchWorker, query: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${worker.origin}/bench/state?${query}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${query} failed: ${text.slice(0, 200)}`);
  return performance.now() - start;
}
