import { shown } from "../shown.ts";
import type { Cell, StructureOptions } from "./cell.ts";
import { Counter } from "./counter.ts";
import { StructureError } from "./structure-error.ts";

/** What a limiter is declared with. */
export interface LimiterOptions extends StructureOptions<number> {
  /** How many pokes it lets pass until it starts again. */
  readonly limit: number;
}

/** Lets something happen so many times, from the first time on until `expiresIn` has passed. */
export class Limiter {
  readonly #counter: Counter;
  readonly #limit: number;

  /** Throws `StructureError` for a limit that is no whole number of at least 1. */
  constructor(cell: Cell, options: LimiterOptions) {
    const { limit, ...others } = options;
    this.#counter = new Counter(cell, others, "limiter");
    this.#limit = limit;
    if (Number.isSafeInteger(limit) && limit >= 1) return;
    const message = `Structure ${shown(cell.name)} was given ${shown(limit)} as limit; expected a whole number of at least 1`;
    throw new StructureError("structure-value", cell.name, message);
  }

  /** How many pokes have passed since it started. */
  get value(): number {
    return this.#counter.value;
  }

  /** True when no further poke passes. */
  get exceeded(): boolean {
    return this.value >= this.#limit;
  }

  /** True when this one passes, and is counted. */
  poke(): boolean {
    if (this.exceeded) return false;
    this.#counter.increment();
    return true;
  }

  /** Starts again. */
  reset(): void {
    this.#counter.reset();
  }
}
