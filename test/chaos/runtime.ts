import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/server.ts";
import type { Begun } from "./app/running.ts";
import { type BuildName, readBuilds, WORKER_NAME, workerOptions } from "./builds.ts";
import { Random } from "./random.ts";

/** What a runtime process is started with. */
export interface Started {
  readonly port: number;
  /** Where the objects' storage is kept. */
  readonly directory: string;
  readonly script: string;
  readonly name: string;
  /** Bindings and objects, as the configuration says. */
  readonly worker: object;
}

/** What a runtime process is told. */
export type Command =
  | { readonly kind: "start"; readonly options: Started }
  | { readonly kind: "deploy"; readonly script: string }
  | { readonly kind: "evict"; readonly webSockets: WebSocketFate; readonly objects: readonly Begun[] };

/** What becomes of the sockets of an object that leaves memory. */
type WebSocketFate = "hibernate" | "close";

/** Which objects leave memory, and what becomes of their sockets. */
export interface Eviction {
  readonly webSockets: WebSocketFate;
  /** By the names of their classes. */
  readonly classes: readonly string[];
  /** Which part of them: 1 is all. */
  readonly share: number;
  /** From what those are drawn. */
  readonly seed: number;
}

/**
 * How long an order may take, in milliseconds. The platform waits half a minute for an object that is at work; miniflare asks workerd
 * synchronously, and now and then is never answered, nor does it hear anything else then.
 */
const OBEY_MS = 45_000;

const PROCESS = fileURLToPath(new URL("./runtime-process.ts", import.meta.url));

/**
 * The application under chaos in a workerd that can be killed at any time and started again on the same storage and
 * port.
 *
 * What is real: workerd and its SQLite files; SIGKILL of the whole process group, without a word before; evictions and
 * `ctx.abort()` by the runtime's own means. What is not: a deploy is the end of workerd and a start with the other
 * build, where the platform replaces objects one by one; and nothing here takes down the machine, so that what was
 * written but not synchronised survives.
 */
export class Runtime {
  readonly port: number;
  readonly #directory: string;
  readonly #scripts: Readonly<Record<BuildName, string>>;
  #build: BuildName = "first";
  #process: RuntimeProcess;
  /** The next one, which has loaded all that it needs. */
  #standby: RuntimeProcess;

  private constructor(port: number, directory: string) {
    this.port = port;
    this.#directory = directory;
    this.#scripts = readBuilds();
    this.#process = new RuntimeProcess();
    this.#standby = new RuntimeProcess();
  }

  /** Starts the first build on empty storage. Whoever starts it stops it. */
  static async start(): Promise<Runtime> {
    const directory = await mkdtemp(join(tmpdir(), "edge-reflex-chaos-"));
    const runtime = new Runtime(await freePort(), directory);
    await runtime.#launch();
    return runtime;
  }

  /** Kills workerd as it is, and starts it again. Resolves when it listens. */
  async crash(): Promise<void> {
    await this.#process.kill();
    this.#process = this.#standby;
    this.#standby = new RuntimeProcess();
    await this.#launch();
  }

  /** Replaces the build by the other one. Resolves when it listens. */
  async deploy(): Promise<void> {
    this.#build = this.#build === "first" ? "second" : "first";
    await this.#tell({ kind: "deploy", script: this.#scripts[this.#build] });
  }

  /** Evicts objects, as ten idle seconds do, or as moving them to another machine does. */
  async evict({ webSockets, classes, share, seed }: Eviction): Promise<void> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/begun`);
    const begun: readonly Begun[] = await answer.json();
    const random = new Random(seed);
    const objects = classes.flatMap((name) => {
      const those = begun.filter(({ className }) => className === name);
      return random.shuffled(those).slice(0, Math.ceil(those.length * share));
    });
    await this.#tell({ kind: "evict", webSockets, objects });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#process.kill(), this.#standby.kill()]);
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** One that does not obey is killed: one crash more. */
  async #tell(command: Command): Promise<void> {
    const late = new AbortController();
    const isLate = wait(OBEY_MS, true, { signal: late.signal }).catch(() => false);
    const told = this.#process.tell(command).then(() => false);
    try {
      if (await Promise.race([told, isLate])) await this.crash();
    } finally {
      late.abort();
    }
  }

  async #launch(): Promise<void> {
    const script = this.#scripts[this.#build];
    const place = { port: this.port, directory: this.#directory };
    const options = { ...place, script, name: WORKER_NAME, worker: workerOptions() };
    await this.#process.tell({ kind: "start", options });
  }
}

/** One process, with its answers. */
class RuntimeProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #asked = new Map<number, (problem: string | undefined) => void>();
  #lastId = 0;

  constructor() {
    // A group of its own, so that workerd is killed with it.
    this.#child = fork(PROCESS, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.#ended = once(this.#child, "exit");
    this.#child.on("message", ([id, problem]: [number, string?]) => {
      this.#asked.get(id)?.(problem);
      this.#asked.delete(id);
    });
    this.#child.on("exit", () => {
      for (const answer of this.#asked.values()) answer("The runtime's process ended");
    });
  }

  /** Resolves when it is done; rejects with what went wrong. */
  tell(command: Command): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, (problem) => (problem === undefined ? resolve() : reject(new Error(problem))));
      this.#child.send([id, command], (error) => error !== null && reject(error));
    });
  }

  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    // Who was killed has no exit code.
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    await this.#ended;
  }
}
