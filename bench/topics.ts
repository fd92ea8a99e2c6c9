import { type Listener, openAudience, openDirect } from "./audience.ts";
import { ChangeTimes } from "./change-times.ts";
import { allKnow, assertAllHeard, begin, Publisher, REGION_PATH, Running, TOPIC_PATH } from "./publisher.ts";
import type { Measurement } from "./report.ts";
import type { Scenario } from "./scenario.ts";

const SOCKETS = 1_000;
const CHANGES_PER_SECOND = 20;
const SECONDS = 15;

/** The floor: one object with all sockets. */
const DIRECT = { way: "direct", sessions: 1, tabs: SOCKETS } as const;

/** How the changes get to the pages. */
const WAYS = {
  /** The same operation for all, a session for each socket. */
  broadcast: { way: "broadcast", sessions: SOCKETS, tabs: 1 },
  /** Fewer sessions with several tabs. */
  "broadcast.tabs": { way: "broadcast", sessions: SOCKETS / 20, tabs: 20 },
  /** Each page renders itself. */
  touch: { way: "touch", sessions: SOCKETS, tabs: 1 },
  "touch.tabs": { way: "touch", sessions: SOCKETS / 20, tabs: 20 },
  /** The game of life on 50 × 50 cells, rendered once for all. */
  region: { way: "region", sessions: SOCKETS, tabs: 1 },
} as const;

type Way = keyof typeof WAYS;

const FIGURES = ["p50", "p99", "bytes", "cpu", "frames"] as const;

/** Many people told of every change, against one bare object that holds all of their sockets and sends to each. */
export const topicScenarios: readonly Scenario[] = [
  {
    names: (Object.keys(WAYS) as Way[]).flatMap((way) => FIGURES.map((figure) => `topics.${way}.${figure}`)),
    measure: async () => {
      const direct = await tell(DIRECT);
      const all: Measurement[] = [];
      for (const [name, way] of Object.entries(WAYS))
        all.push(...measurements(name, await tell(way), direct));
      return all;
    },
  },
  { names: ["topics.minute.memory"], measure: minute },
];

/** Changes come for a whole minute. */
const MINUTE = { seconds: 60, warmUpSeconds: 20 } as const;

/** A thousand sockets for a minute: none lost, and memory flat. */
async function minute(): Promise<readonly Measurement[]> {
  const running = await Running.start("--expose-gc");
  try {
    const { origin } = running.worker;
    const audience = await openAudience({
      origin,
      sessions: SOCKETS,
      tabs: 1,
      path: TOPIC_PATH,
      told: () => {},
    });
    const publisher = new Publisher(origin, "broadcast");
    await begin(audience, publisher);
    const settledBytes = async (seconds: number) => {
      await publisher.publishMany(seconds * CHANGES_PER_SECOND, CHANGES_PER_SECOND);
      await allKnow(audience, publisher.last);
      await running.worker.collectGarbage();
      return running.residentBytes;
    };
    const half = (MINUTE.seconds - MINUTE.warmUpSeconds) / 2;
    const before = await settledBytes(MINUTE.warmUpSeconds);
    const middle = await settledBytes(half);
    const after = await settledBytes(half);
    const changes = MINUTE.seconds * CHANGES_PER_SECOND;
    assertAllHeard(audience, changes);
    for (const listener of audience) listener.close();
    const megabytes = [before, middle].map((bytes) => (bytes / 1e6).toFixed(0)).join(" and ");
    const against = `behind ${MINUTE.warmUpSeconds} and ${MINUTE.warmUpSeconds + half} seconds, ${megabytes} MB`;
    const memory = {
      name: "topics.minute.memory",
      value: after / 1e6,
      unit: "MB",
      against,
      ratio: after / before,
    };
    return [{ ...memory, bar: { of: "ratio", most: 1.1 } }];
  } finally {
    await running.stop();
  }
}

interface Told {
  readonly p50: number;
  readonly p99: number;
  /** Of each change and client. */
  readonly bytes: number;
  /** Microseconds of workerd for each change and client. */
  readonly cpu: number;
  /** Frames for each change and client: less than one where several changes came in one. */
  readonly frames: number;
}

function measurements(way: string, told: Told, direct: Told): readonly Measurement[] {
  const units = { p50: "ms", p99: "ms", bytes: "bytes", cpu: "µs", frames: "frames" } as const;
  return FIGURES.map((figure) => ({
    name: `topics.${way}.${figure}`,
    value: told[figure],
    unit: units[figure],
    against: `direct sends, ${direct[figure].toPrecision(3)} ${units[figure]}`,
    ratio: told[figure] / direct[figure],
  }));
}

/** Tells a thousand sockets of changes for a while, in a workerd of its own. */
async function tell({ way, sessions, tabs }: (typeof WAYS)[Way] | typeof DIRECT): Promise<Told> {
  const running = await Running.start();
  const times = new ChangeTimes();
  const { origin } = running.worker;
  // Of touches, those that a later one made needless are left out.
  const told = way === "touch" || way === "region" ? times.shown : times.told;
  const path = way === "region" ? REGION_PATH : TOPIC_PATH;
  try {
    const audience =
      way === "direct"
        ? await openDirect(origin, SOCKETS, told)
        : await openAudience({ origin, sessions, tabs, path, told });
    const publisher = new Publisher(origin, way, (n) => times.sent(n));
    await begin(audience, publisher);
    times.begin(publisher.last + 1);
    const before = running.cpuMs;
    const count = CHANGES_PER_SECOND * SECONDS;
    await publisher.publishMany(count, CHANGES_PER_SECOND);
    await allKnow(audience, publisher.last);
    const cpuMs = running.cpuMs - before;
    if (told === times.told) assertAllHeard(audience, count);
    const sum = (of: (listener: Listener) => number) =>
      audience.reduce((total, listener) => total + of(listener), 0) / (count * audience.length);
    for (const listener of audience) listener.close();
    return {
      p50: times.percentile(50),
      p99: times.percentile(99),
      bytes: sum(({ bytes }) => bytes),
      cpu: (1_000 * cpuMs) / (count * audience.length),
      frames: sum(({ frames }) => frames),
    };
  } finally {
    await running.stop();
  }
}
