import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";

/** What a counter may be declared with. */
export interface CounterOptions extends StructureOptions<number> {
  /** Where it starts, and what {@link Counter.reset} takes it back to. Default: 0. */
  readonly default?: number;
}

/**
 * A whole number that is counted up and down. With `expiresIn` it starts again that long after the first change since it
 * last started: changes do not move its end.
 */
export class Counter {
  readonly #kept: Kept<number>;
  readonly #default: number;

  /** Throws `StructureError` for a default that is no whole number. */
  constructor(cell: Cell, options: CounterOptions, kind = "counter") {
    this.#kept = new Kept(cell, kind, options.expiresIn);
    this.#default = this.#whole(options.default ?? 0);
  }

  get value(): number {
    return this.#kept.read() ?? this.#default;
  }

  /** Returns the new value. Throws `StructureError` for what is no whole number, and where the sum would not be exact. */
  increment(by = 1): number {
    const sum = this.value + this.#whole(by);
    if (!Number.isSafeInteger(sum))
      throw this.#kept.refuseFull(`would be ${sum}`, "a number between -(2^53 - 1) and 2^53 - 1");
    this.#kept.writeWithin(sum);
    return sum;
  }

  /** Returns the new value. Throws as {@link increment} does. */
  decrement(by = 1): number {
    return this.increment(-this.#whole(by));
  }

  /** Takes it back to its default. */
  reset(): void {
    this.#kept.remove();
  }

  #whole(by: unknown): number {
    if (Number.isSafeInteger(by)) return Number(by) + 0;
    throw this.#kept.refuse(`was given ${shown(by)}`, "a whole number between -(2^53 - 1) and 2^53 - 1");
  }
}
