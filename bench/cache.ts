import type { BenchWorker } from "./bench-worker.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 5;
const CALLS = 1_000;

/** What is compared, in calls a second: fifty are under way at a time, from one Worker. */
const COMPARED = [
  { name: "read", objects: 1, floor: "echo" },
  { name: "read", objects: 8, floor: "echo" },
  { name: "increment", objects: 1, floor: "count" },
  { name: "increment", objects: 8, floor: "count" },
] as const;

const FLOORS = { echo: "bare RPC", count: "RPC that writes a row" } as const;
const NUMBERS = { 1: "one", 8: "eight" } as const;

/** The cache through one object and through eight, against calls of objects that do nothing else. */
export const cacheScenarios: readonly Scenario[] = COMPARED.map((compared) => {
  const name = `cache.${compared.name}.${NUMBERS[compared.objects]}`;
  return {
    names: [name],
    measure: async ({ worker }) => [await compare(worker, name, compared)],
  };
});

async function compare(
  worker: BenchWorker,
  name: string,
  { name: way, objects, floor }: (typeof COMPARED)[number],
): Promise<Measurement> {
  const rates: { ours: number[]; floors: number[] } = { ours: [], floors: [] };
  await callsPerSecond(worker, "write", objects);
  // The first round of each is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    const floorRate = await callsPerSecond(worker, floor, objects);
    const ourRate = await callsPerSecond(worker, way, objects);
    if (round === 0) continue;
    rates.floors.push(floorRate);
    rates.ours.push(ourRate);
  }
  const [value, floorValue] = [median(rates.ours), median(rates.floors)];
  return {
    name,
    value,
    unit: "calls/s",
    against: `${FLOORS[floor]}, ${Math.round(floorValue)} a second`,
    ratio: value / floorValue,
  };
}

async function callsPerSecond(worker: BenchWorker, way: string, objects: number): Promise<number> {
  const start = performance.now();
  const response = await fetch(`${worker.origin}/bench/cache?way=${way}&objects=${objects}&times=${CALLS}`);
  const text = await response.text();
  if (!response.ok) throw new Error(`The calls of ${way} failed: ${text.slice(0, 200)}`);
  return (CALLS * 1_000) / (performance.now() - start);
}
