import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";
import { identityOf, JsonProblem, toJson } from "./json.ts";

/** What a structure of items may be declared with. */
export interface ItemsOptions<Item> extends StructureOptions<readonly Item[]> {
  /** What it holds until it is changed for the first time, and after `clear`. */
  readonly default?: readonly Item[];
}

/** As {@link ItemsOptions}, of one that keeps no more than so many. */
export interface LimitedOptions<Item> extends ItemsOptions<Item> {
  /** The most items that it keeps: of more, the last `append` or `prepend` pushes out those at the other end. */
  readonly limit?: number;
}

/** The part of the options that items are kept by. */
interface ItemsStart {
  readonly expiresIn?: number;
  readonly default?: readonly unknown[];
}

/** The items of one structure, in an order, as they are kept: any that JSON can write. */
export class Items {
  readonly #kept: Kept<readonly unknown[]>;
  readonly #default: readonly unknown[];

  /**
   * Throws `StructureError` for a default that is no list of what JSON can write.
   *
   * @param arrange what becomes of a default
   */
  constructor(cell: Cell, kind: string, options: ItemsStart, arrange = asTheyAre) {
    this.#kept = new Kept(cell, kind, options.expiresIn);
    const { default: initial = [] } = options;
    if (!Array.isArray(initial))
      throw this.#kept.refuse(`was given ${shown(initial)} as default`, "an array");
    this.#default = arrange(this.checked(initial));
  }

  /** What there is while nothing was written. */
  get initial(): readonly unknown[] {
    return this.#default;
  }

  read(): readonly unknown[] {
    return this.#kept.read() ?? this.#default;
  }

  /** Throws `StructureError` for more than there is room for. */
  write(items: readonly unknown[]): void {
    const max = LIMITS.structureItems;
    if (items.length > max) throw this.#kept.refuseFull(`would hold ${items.length} items`, `at most ${max}`);
    this.#kept.write(items);
  }

  remove(): void {
    this.#kept.remove();
  }

  /** Copies to be kept. Throws `StructureError` for what JSON cannot write. */
  checked(items: readonly unknown[]): readonly unknown[] {
    return items.map((item) => {
      const json = toJson(item);
      if (!(json instanceof JsonProblem)) return json;
      throw this.#kept.refuse(
        `was given ${json.text}`,
        "items that JSON can write: text, finite numbers, true, false, null, arrays and plain objects of them",
      );
    });
  }

  /** The limit itself, or that of all structures. Throws `StructureError` for what is none. */
  checkedLimit(limit: number = LIMITS.structureItems): number {
    if (Number.isSafeInteger(limit) && limit >= 1 && limit <= LIMITS.structureItems) return limit;
    const expected = `a whole number from 1 to ${LIMITS.structureItems}`;
    throw this.#kept.refuse(`was given ${shown(limit)} as limit`, expected);
  }

  /** Throws `StructureError` for what was asked. */
  refuse(what: string, expected: string): never {
    throw this.#kept.refuse(what, expected);
  }
}

/** Of items that are the same, the first. */
export function once(items: readonly unknown[]): readonly unknown[] {
  const found = new Map<string, unknown>();
  for (const item of items) {
    const identity = identityOf(item);
    if (!found.has(identity)) found.set(identity, item);
  }
  return [...found.values()];
}

function asTheyAre(items: readonly unknown[]): readonly unknown[] {
  return items;
}
