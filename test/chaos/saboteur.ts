import { setTimeout as wait } from "node:timers/promises";
import type { Connection, ProxyHooks, Verdict } from "../support/proxy.ts";
import { type FaultKind, FaultPlan, noFaults } from "./fault-plan.ts";
import type { Random } from "./random.ts";

/** What a saboteur does to the server and the pages. Each resolves when it is done. */
export interface Sabotage {
  evict(webSockets: "hibernate" | "close"): Promise<void>;
  abort(): Promise<void>;
  crash(): Promise<void>;
  deploy(): Promise<void>;
  reload(): Promise<void>;
}

/** Faults that happen to the frame at hand, and what becomes of it. */
const FRAME_FAULTS: Readonly<Partial<Record<FaultKind, Verdict>>> = {
  "kill-before-send": "kill-before",
  "kill-after-send": "kill-after",
  duplicate: "duplicate",
  "half-open": "hold",
};

/** Faults that happen to the next frame which the server sends over the same connection. */
const ANSWER_FAULTS: Readonly<Partial<Record<FaultKind, Verdict>>> = {
  "kill-before-answer": "kill-before",
  "kill-before-acknowledgement": "kill-after",
};

/** The longest delay, in milliseconds. */
const LONGEST_DELAY_MS = 150;

/**
 * Stands in the proxy and makes faults, one every few frames, as a seeded plan says. What it does is decided by the
 * number of the frame; when exactly it hits the server depends on the machine.
 */
export class Saboteur implements ProxyHooks {
  /** Faults made so far, by kind. */
  readonly faults = noFaults();
  readonly #plan: FaultPlan;
  readonly #random: Random;
  readonly #sabotage: Sabotage;
  /** What is to happen to the next frame from the server. */
  readonly #answerFaults = new WeakMap<Connection, FaultKind>();
  /** What is being done to the server: one thing after another. */
  #underWay: Promise<void> = Promise.resolve();
  readonly #problems: unknown[] = [];
  #isActive = true;

  constructor(random: Random, sabotage: Sabotage) {
    this.#random = random;
    this.#plan = new FaultPlan(random);
    this.#sabotage = sabotage;
  }

  readonly up = async (text: string, connection: Connection): Promise<Verdict> => {
    if (!this.#isActive) return "forward";
    const kind = this.#plan.next(isCall(text));
    if (kind === undefined) return "forward";
    if (kind in ANSWER_FAULTS) {
      this.#answerFaults.set(connection, kind);
      return "forward";
    }
    this.faults[kind] += 1;
    if (kind === "delay") await wait(this.#random.between(1, LONGEST_DELAY_MS));
    const run = this.#wideFault(kind);
    // Half of them strike with the frame still on its way, the others while the server works on it.
    const isBefore = this.#random.next() < 0.5;
    if (run !== undefined && isBefore) await run();
    else if (run !== undefined) setImmediate(run);
    return FRAME_FAULTS[kind] ?? "forward";
  };

  readonly down = (_text: string, connection: Connection): Verdict => {
    const kind = this.#answerFaults.get(connection);
    if (kind === undefined) return "forward";
    this.#answerFaults.delete(connection);
    this.faults[kind] += 1;
    return ANSWER_FAULTS[kind] ?? "forward";
  };

  /** Makes no further fault. Resolves when the server is left alone; rejects when a fault could not be made. */
  async stop(): Promise<void> {
    this.#isActive = false;
    await this.#underWay;
    if (this.#problems.length > 0) throw new AggregateError(this.#problems, "Faults could not be made");
  }

  /** What strikes more than the frame at hand. */
  #wideFault(kind: FaultKind): (() => Promise<void>) | undefined {
    const faults: Readonly<Partial<Record<FaultKind, () => Promise<void>>>> = {
      "evict-hibernate": () => this.#sabotage.evict("hibernate"),
      "evict-close": () => this.#sabotage.evict("close"),
      abort: () => this.#sabotage.abort(),
      crash: () => this.#sabotage.crash(),
      deploy: () => this.#sabotage.deploy(),
      reload: () => this.#sabotage.reload(),
    };
    const fault = faults[kind];
    if (fault === undefined) return undefined;
    return () => {
      this.#underWay = this.#underWay.then(fault).catch((problem) => void this.#problems.push(problem));
      return this.#underWay;
    };
  }
}

/** Calls begin with their number. */
function isCall(text: string): boolean {
  return /^\[\d/.test(text);
}
