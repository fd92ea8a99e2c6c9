import type { BenchWorker } from "./bench-worker.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario } from "./scenario.ts";

const ROUNDS = 9;

interface Way {
  readonly name: "turn" | "string" | "linkedom";
  readonly rowCount: number;
  /** How many turns make a request long enough to be timed. */
  readonly times: number;
}

const WAYS: Readonly<Record<"row" | "string" | "linkedom" | "ten" | "tenThousand", Way>> = {
  row: { name: "turn", rowCount: 1_000, times: 40 },
  string: { name: "string", rowCount: 1_000, times: 40 },
  linkedom: { name: "linkedom", rowCount: 1_000, times: 2 },
  ten: { name: "turn", rowCount: 10, times: 400 },
  tenThousand: { name: "turn", rowCount: 10_000, times: 4 },
};

/** The server's time for one changed row: a whole turn without socket and storage. */
export const turnScenarios: readonly Scenario[] = [
  {
    names: ["turn.row", "turn.row.floor", "turn.rows.10", "turn.rows.10000"],
    measure: async ({ worker }) => toMeasurements(await timeWays(worker)),
  },
];

type Times = Readonly<Record<keyof typeof WAYS, number>>;

function toMeasurements({ row, string, linkedom, ten, tenThousand }: Times): readonly Measurement[] {
  const against = (name: string, ms: number) => ({
    unit: "ms",
    against: `${name}, ${ms.toPrecision(3)} ms`,
  });
  return [
    {
      name: "turn.row",
      value: row,
      ...against("render, parse, morphdom in linkedom", linkedom),
      ratio: row / linkedom,
      bar: { of: "ratio", most: 1 / 20 },
    },
    {
      name: "turn.row.floor",
      value: row,
      ...against("rendering the page to text", string),
      ratio: row / string,
      bar: { of: "ratio", most: 2 },
    },
    { name: "turn.rows.10", value: ten, ...against("turn.row", row), ratio: ten / row },
    { name: "turn.rows.10000", value: tenThousand, ...against("turn.row", row), ratio: tenThousand / row },
  ];
}

/** Milliseconds a turn, the ways taking turns so that what else the machine does hits all of them alike. */
async function timeWays(worker: BenchWorker): Promise<Times> {
  const entries = Object.entries(WAYS);
  const samples = new Map<string, number[]>(entries.map(([key]) => [key, []]));
  for (let round = -1; round < ROUNDS; round += 1) {
    for (const [key, way] of entries) {
      const idleMs = await timeRequest(worker, way, 0);
      const busyMs = await timeRequest(worker, way, way.times);
      // The first round warms up.
      if (round >= 0) samples.get(key)?.push((busyMs - idleMs) / way.times);
    }
  }
  // One median for each of the keys above.
  return Object.fromEntries(Array.from(samples, ([key, times]) => [key, median(times)])) as unknown as Times;
}

async function timeRequest(worker: BenchWorker, way: Way, times: number): Promise<number> {
  const start = performance.now();
  const path = `/bench/turn?way=${way.name}&rows=${way.rowCount}&times=${times}`;
  const response = await fetch(worker.origin + path);
  const text = await response.text();
  if (text !== "done") throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
  return performance.now() - start;
}
