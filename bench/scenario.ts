import type { Browser } from "playwright-core";
import type { BenchWorker } from "./bench-worker.ts";
import type { Measurement } from "./report.ts";

/** What scenarios run in. */
export interface Surroundings {
  /** Shared by all scenarios, so what they leave in it must not matter to others. */
  readonly worker: BenchWorker;
  readonly browser: Browser;
}

/** Some figures that are measured together. */
export interface Scenario {
  /** The names of all figures it gives, by which it is chosen. */
  readonly names: readonly string[];
  /** Rejects when anything does not work as it should. */
  measure(surroundings: Surroundings): Promise<readonly Measurement[]>;
}
