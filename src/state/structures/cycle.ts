import { type Cell, Kept, type StructureOptions } from "./cell.ts";
import { checkedWords } from "./choice.ts";

/** What a cycle is declared with. */
export interface CycleOptions<Value extends string> extends StructureOptions<Value> {
  /** What it goes through, in order: at least one, each once. */
  readonly values: readonly Value[];
}

/** Goes through a few words, and after the last to the first. */
export class Cycle<Value extends string> {
  readonly #kept: Kept<number>;
  readonly #values: readonly Value[];

  /** Throws `StructureError` for values that are no different words. */
  constructor(cell: Cell, options: CycleOptions<Value>) {
    this.#kept = new Kept(cell, "cycle", options.expiresIn);
    this.#values = checkedWords(this.#kept, options.values);
  }

  get value(): Value {
    // There is at least one, and the index is one of theirs.
    return this.#values[this.#index] as Value;
  }

  /** Goes on to the next, and returns it. */
  next(): Value {
    this.#kept.write((this.#index + 1) % this.#values.length);
    return this.value;
  }

  /** Takes it back to the first. */
  reset(): void {
    this.#kept.remove();
  }

  /** Of values that have become fewer, the same place from the start on. */
  get #index(): number {
    return (this.#kept.read() ?? 0) % this.#values.length;
  }
}
