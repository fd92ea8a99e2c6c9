import { type Listener, openAudience, openDirect } from "./audience.ts";
import { ChangeTimes } from "./change-times.ts";
import { allKnow, assertAllHeard, Publisher, Running, TOPIC_PATH } from "./publisher.ts";
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
const MINUTE = { seconds: 60, warmUpSeconds: 15 } as const;

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
    await publisher.publish();
    await allKnow(audience, publisher.last);
    for (const listener of audience) listener.forget();
    const settledBytes = async (seconds: number) => {
      await publisher.publishMany(seconds * CHANGES_PER_SECOND, CHANGES_PER_SECOND);
      await allKnow(audience, publisher.last);
      await running.worker.collectGarbage();
      return running.residentBytes;
    };
    const before = await settledBytes(MINUTE.warmUpSeconds);
    const after = await settledBytes(MINUTE.seconds - MINUTE.warmUpSeconds);
    const changes = MINUTE.seconds * CHANGES_PER_SECOND;
    assertAllHeard(audience, changes);
    for (const listener of audience) listener.close();
    const against = `behind ${MINUTE.warmUpSeconds} seconds, ${(before / 1e6).toFixed(0)} MB`;
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
  const told = way === "touch" ? times.shown : times.told;
  try {
    const audience =
      way === "direct"
        ? await openDirect(origin, SOCKETS, told)
        : await openAudience({ origin, sessions, tabs, path: TOPIC_PATH, told });
    const publisher = new Publisher(origin, way, (n) => times.sent(n));
    // Until everybody has heard of one, not everybody may listen.
    await publisher.publish();
    await allKnow(audience, publisher.last);
    times.begin(publisher.last + 1);
    for (const listener of audience) listener.forget();
    const before = running.cpuMs;
    const count = CHANGES_PER_SECOND * SECONDS;
    await publisher.publishMany(count, CHANGES_PER_SECOND);
    await allKnow(audience, publisher.last);
    const cpuMs = running.cpuMs - before;
    if (way !== "touch") assertAllHeard(audience, count);
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
