import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { Listener } from "./audience.ts";
import { BenchWorker } from "./bench-worker.ts";
import { residentBytes, workerdProcesses } from "./memory.ts";

/** The page of the topic that changes are published in. */
export const TOPIC_PATH = "/topic?name=crowd";

/** The page of the region whose changes are the game of life's. */
export const REGION_PATH = "/life";

/** How long after the last change everybody must know of it, in milliseconds. */
const PATIENCE_MS = 60_000;

/** How long is waited before those who were told of nothing are told again, in milliseconds. */
const LISTENING_MS = 100;

/** How many milliseconds of a processor one tick of the system's books is. */
const TICK_MS = 10;

/** Publishes changes by requests to the Worker, numbered from 1. */
export class Publisher {
  /** The number of the last change. */
  last = 0;
  readonly #origin: string;
  readonly #way: string;
  readonly #sent: (n: number) => void;

  /**
   * @param way `broadcast`, `touch`, `region`, or `direct` for the bare object
   * @param sent told of each as it is asked for
   */
  constructor(origin: string, way: string, sent: (n: number) => void = () => {}) {
    this.#origin = origin;
    this.#way = way;
    this.#sent = sent;
  }

  /** Resolves when a further change is published. */
  async publish(): Promise<void> {
    this.last += 1;
    const n = this.last;
    this.#sent(n);
    const path =
      this.#way === "direct"
        ? `/bench/direct?name=crowd&text=${encodeURIComponent(`change ${n}.`)}`
        : `/bench/publish?way=${this.#way}&name=${this.#way === "region" ? "life:1" : "crowd"}&n=${n}`;
    const response = await fetch(this.#origin + path);
    const text = await response.text();
    if (!response.ok) throw new Error(`Change ${n} was not published: ${text.slice(0, 200)}`);
  }

  /** Publishes so many, at this rate, whether or not those before are published already. Resolves when all are. */
  async publishMany(count: number, perSecond: number): Promise<void> {
    const start = performance.now();
    const published: Promise<void>[] = [];
    for (let done = 0; done < count; done += 1) {
      await wait(Math.max(0, start + (done * 1_000) / perSecond - performance.now()));
      published.push(this.publish());
    }
    await Promise.all(published);
  }
}

/** A workerd of its own, and what it uses. */
export class Running {
  readonly worker: BenchWorker;
  readonly #pid: number;

  private constructor(worker: BenchWorker, pid: number) {
    this.worker = worker;
    this.#pid = pid;
  }

  static async start(v8Flags = ""): Promise<Running> {
    const others = new Set(workerdProcesses());
    const worker = await BenchWorker.start(v8Flags);
    const pid = workerdProcesses().find((pid) => !others.has(pid));
    if (pid === undefined) throw new Error("workerd started no process");
    return new Running(worker, pid);
  }

  /** How long it has used a processor, in milliseconds. */
  get cpuMs(): number {
    // Behind the name in brackets, which may hold spaces; the time in user mode, and in the kernel for it.
    const fields = readFileSync(`/proc/${this.#pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  }

  /** What it has in memory. */
  get residentBytes(): number {
    return residentBytes(this.#pid);
  }

  async stop(): Promise<void> {
    await this.worker.stop();
  }
}

/**
 * Publishes until everybody listens, and then once more, so that nothing is under way any more; then counts anew. Those who come first
 * are told of changes that others never hear of.
 */
export async function begin(audience: readonly Listener[], publisher: Publisher): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  do {
    await publisher.publish();
    await wait(LISTENING_MS);
    const deaf = audience.filter(({ last }) => last === 0).length;
    if (performance.now() > end && deaf > 0) throw new Error(`${deaf} listeners were told of no change`);
  } while (audience.some(({ last }) => last === 0));
  await publisher.publish();
  await allKnow(audience, publisher.last);
  for (const listener of audience) listener.forget();
}

/** Waits until all know of a change. Rejects when one does not, long after it was published. */
export async function allKnow(audience: readonly Listener[], n: number): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (audience.some(({ last }) => last < n)) {
    const behind = audience.filter(({ last }) => last < n);
    if (performance.now() > end)
      throw new Error(`${behind.length} listeners do not know of change ${n}; one is at ${behind[0]?.last}`);
    await wait(20);
  }
}

/** Throws unless all were told of so many changes, in the same order. */
export function assertAllHeard(audience: readonly Listener[], changes: number): void {
  const [first] = audience;
  for (const { count, order, again } of audience) {
    const repeated = again === undefined ? "" : `, of change ${again} again`;
    if (count !== changes)
      throw new Error(`A listener was told of ${count} changes of ${changes}${repeated}`);
    if (order !== first?.order) throw new Error("Two listeners were told of changes in different orders");
  }
}
