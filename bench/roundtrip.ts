import type { BenchWorker } from "./bench-worker.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { Caller, Tab } from "./tab.ts";

const WARM_UP = 300;
const TRIPS = 3_000;
const SESSIONS = 50;
const LOAD_MS = 3_000;

/** What our client says of the counter's button. */
const BUTTON = { element: ["button", { "data-step": "1" }] } as const;
/** As long as a call of ours, so that floors move as many bytes. */
const MESSAGE =
  '["c",1000,"Counter#increment",{"element":{"tag":"button","attributes":{"data-step":"1"},"value":""}}]';

/** Sends one message and waits for what comes back. */
type Trip = () => Promise<unknown>;

/** The counter's round trip from outside, against objects that do nothing but echo. */
export const roundtripScenarios: readonly Scenario[] = [
  {
    names: ["roundtrip.ephemeral", "roundtrip.stored"],
    measure: ({ worker }) => measureLatency(worker),
  },
  {
    names: ["roundtrip.ephemeral.fifty", "roundtrip.stored.fifty"],
    measure: ({ worker }) => measureThroughput(worker),
  },
];

async function measureLatency(worker: BenchWorker): Promise<readonly Measurement[]> {
  const tab = await Tab.open(worker.origin, "/counter");
  const echo = await openEcho(worker, "echo", "latency");
  const storing = await openEcho(worker, "storing-echo", "latency");
  let peeks = 0;
  const trips: readonly Trip[] = [
    () => echo.ask(MESSAGE),
    () => storing.ask(MESSAGE),
    () => {
      peeks += 1;
      return tab.call("Counter#peek", { args: [peeks] });
    },
    () => tab.call("Counter#increment", BUTTON),
  ];
  const [echoMs = 0, storingMs = 0, ephemeralMs = 0, storedMs = 0] = await timeTrips(trips);
  for (const open of [tab, echo, storing]) open.close();
  return [
    {
      name: "roundtrip.ephemeral",
      value: ephemeralMs,
      ...againstMs("a bare echo", echoMs),
      ratio: ephemeralMs / echoMs,
    },
    {
      name: "roundtrip.stored",
      value: storedMs,
      ...againstMs("an echo that writes a row", storingMs),
      ratio: storedMs / storingMs,
    },
  ].map((measurement) => ({ ...measurement, bar: { of: "ratio", most: 1.5 } }));
}

function againstMs(name: string, ms: number): Pick<Measurement, "unit" | "against"> {
  return { unit: "ms", against: `${name}, ${ms.toPrecision(3)} ms` };
}

function openEcho(worker: BenchWorker, kind: "echo" | "storing-echo", name: string): Promise<Caller> {
  return Caller.connect(`${worker.origin}/bench/${kind}?name=${name}`);
}

/** The median of each trip, which take turns. */
async function timeTrips(trips: readonly Trip[]): Promise<readonly number[]> {
  const times = trips.map((): number[] => []);
  for (let round = 0; round < WARM_UP + TRIPS; round += 1) {
    for (const [index, trip] of trips.entries()) {
      const start = performance.now();
      await trip();
      if (round >= WARM_UP) times[index]?.push(performance.now() - start);
    }
  }
  return times.map(median);
}

async function measureThroughput(worker: BenchWorker): Promise<readonly Measurement[]> {
  const indexes = Array.from({ length: SESSIONS }, (_, index) => index);
  const tabs = await Promise.all(indexes.map(() => Tab.open(worker.origin, "/counter")));
  const floorsOf = (path: "echo" | "storing-echo") =>
    Promise.all(indexes.map((index) => openEcho(worker, path, `fifty-${index}`)));
  const [echoes, storing] = [await floorsOf("echo"), await floorsOf("storing-echo")];
  let peeks = 0;
  const peek = (tab: Tab) => () => {
    peeks += 1;
    return tab.call("Counter#peek", { args: [peeks] });
  };
  const ask = (floor: Caller) => () => floor.ask(MESSAGE);
  const measurements = [
    await compareRates("ephemeral", [tabs.map(peek), echoes.map(ask)], "bare echoes"),
    await compareRates(
      "stored",
      [tabs.map((tab) => () => tab.call("Counter#increment", BUTTON)), storing.map(ask)],
      "echoes that write a row",
    ),
  ];
  for (const open of [...tabs, ...echoes, ...storing]) open.close();
  return measurements;
}

/** Trips of all sessions in a second, ours and the floor's in turns. */
async function compareRates(
  name: string,
  [ours, theirs]: readonly [readonly Trip[], readonly Trip[]],
  floorName: string,
): Promise<Measurement> {
  const rates: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  for (let round = 0; round < 3; round += 1) {
    rates.theirs.push(await ratePerSecond(theirs));
    rates.ours.push(await ratePerSecond(ours));
  }
  const [value, floor] = [median(rates.ours), median(rates.theirs)];
  return {
    name: `roundtrip.${name}.fifty`,
    value,
    unit: "reflexes/s",
    against: `${floorName}, ${Math.round(floor)} a second`,
    ratio: value / floor,
    bar: { of: "ratio", least: 1 / 1.5 },
  };
}

/** How many trips end in a second when all are made at once, each again as soon as it ends. */
async function ratePerSecond(trips: readonly Trip[]): Promise<number> {
  let count = 0;
  const start = performance.now();
  await Promise.all(
    trips.map(async (trip) => {
      while (performance.now() - start < LOAD_MS) {
        await trip();
        count += 1;
      }
    }),
  );
  return (count * 1_000) / (performance.now() - start);
}
