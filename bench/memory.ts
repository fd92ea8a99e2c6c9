import { readdirSync, readFileSync } from "node:fs";
import { BenchWorker, type ObjectClass } from "./bench-worker.ts";
import { type Measurement, median } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { Caller, Tab } from "./tab.ts";

/** Opened and left before the measured ones, so that what workerd allocates once is not counted. */
const WARM_UP = 300;
const SESSIONS = 150;
/** About as many as the page of 1,000 rows has. */
const PAGE_CHARS = 456_000;
/** How many are awake at a time where they are to sleep. */
const BATCH = 10;

/** A session with its socket, open until closed. */
interface Open {
  close(): void;
}

/** What kind of session is opened, and how. */
interface SessionKind {
  readonly objectClass: ObjectClass;
  open(worker: BenchWorker, index: number): Promise<Open>;
}

const OURS: SessionKind = { objectClass: "SessionObject", open: openTable };
const BARE: SessionKind = {
  objectClass: "EchoObject",
  open: (worker, index) => openEcho(worker, "echo", index),
};
const STORING: SessionKind = {
  objectClass: "StoringEchoObject",
  open: (worker, index) => openEcho(worker, "storing-echo", index),
};

/** Serves a page of the same length first: what went through workerd is not all given back to the system. */
const SERVING: SessionKind = {
  objectClass: "EchoObject",
  open: async (worker, index) => {
    const page = `${worker.origin}/bench/echo?name=memory-${index}&page=${PAGE_CHARS}`;
    await (await fetch(page)).text();
    return await openEcho(worker, "echo", index);
  },
};

/** What one visitor who does nothing costs, by the resident memory of workerd after a collection of its garbage. */
export const memoryScenarios: readonly Scenario[] = [
  {
    names: ["memory.idle", "memory.hibernated", "memory.hibernated.storing", "memory.hibernated.serving"],
    measure: async () => {
      const [idle, idleFloor] = [await bytesEach(OURS, true), await bytesEach(BARE, true)];
      const asleep = await bytesEach(OURS, false);
      const [bare, storing] = [await bytesEach(BARE, false), await bytesEach(STORING, false)];
      const serving = await bytesEach(SERVING, false);
      return [
        measurement("memory.idle", [idle, idleFloor], "a bare object, awake"),
        {
          ...measurement("memory.hibernated", [asleep, bare], "a bare object, hibernated"),
          bar: { of: "ratio", most: 1.2 },
        },
        measurement("memory.hibernated.storing", [asleep, storing], "one that has stored a row, hibernated"),
        measurement("memory.hibernated.serving", [asleep, serving], "one that has served a page as long"),
      ];
    },
  },
];

function measurement(
  name: string,
  [bytes, floor]: readonly [number, number],
  floorName: string,
): Measurement {
  const against = `${floorName}, ${(floor / 1_024).toFixed(1)} kB`;
  return { name, value: bytes / 1_024, unit: "kB", against, ratio: bytes / floor };
}

/** A page of 1,000 rows whose session object knows what it shows. */
async function openTable({ origin }: BenchWorker): Promise<Open> {
  const tab = await Tab.open(origin, "/table?rows=1000");
  await tab.call("Counter#increment");
  return tab;
}

async function openEcho({ origin }: BenchWorker, path: string, index: number): Promise<Open> {
  const caller = await Caller.connect(`${origin}/bench/${path}?name=memory-${index}`);
  await caller.ask("hello");
  return caller;
}

/**
 * Resident bytes of each session, in a workerd of their own. Hibernated ones are put to sleep a few at a time, as they
 * would be: a process keeps what it once took, and would be as large as with all of them awake.
 */
async function bytesEach(kind: SessionKind, isAwake: boolean): Promise<number> {
  const others = new Set(workerdProcesses());
  const worker = await BenchWorker.start("--expose-gc");
  try {
    const pid = workerdProcesses().find((pid) => !others.has(pid));
    if (pid === undefined) throw new Error("workerd started no process");
    const sessions: Open[] = [];
    const openMany = async (count: number, sleepEvery: number) => {
      for (let opened = 1; opened <= count; opened += 1) {
        sessions.push(await kind.open(worker, sessions.length));
        if (opened % sleepEvery === 0) await worker.hibernate(kind.objectClass);
      }
    };
    await openMany(WARM_UP, BATCH);
    const before = await settledBytes(pid, worker);
    await openMany(SESSIONS, isAwake ? Number.POSITIVE_INFINITY : BATCH);
    const bytes = await settledBytes(pid, worker);
    for (const session of sessions) session.close();
    return (bytes - before) / SESSIONS;
  } finally {
    await worker.stop();
  }
}

/** The process's resident bytes once its isolates have no garbage. */
async function settledBytes(pid: number, worker: BenchWorker): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await worker.collectGarbage();
    samples.push(residentBytes(pid));
  }
  return median(samples);
}

/** What a process has in memory, by the system's own books, which only Linux keeps in files. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  if (kilobytes === undefined) throw new Error(`Process ${pid} has no resident memory`);
  return Number(kilobytes) * 1_024;
}

/** The processes that this one started and that run workerd. */
export function workerdProcesses(): readonly number[] {
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => {
    try {
      // Process, name in brackets, state, parent.
      return new RegExp(`^\\d+ \\(workerd\\) \\S ${process.pid} `).test(
        readFileSync(`/proc/${pid}/stat`, "utf8"),
      );
    } catch {
      // It ended meanwhile.
      return false;
    }
  });
}
