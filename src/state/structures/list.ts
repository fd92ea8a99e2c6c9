import type { Cell } from "./cell.ts";
import { Items, type LimitedOptions } from "./items.ts";
import { identityOf } from "./json.ts";

/** Items in an order, the same one as often as it was put there. */
export class List<Item> {
  readonly #items: Items;
  readonly #limit: number | undefined;

  /** Throws `StructureError` for a default or a limit that cannot be. */
  constructor(cell: Cell, options: LimitedOptions<Item>) {
    this.#items = new Items(cell, "list", options);
    this.#limit = options.limit === undefined ? undefined : this.#items.checkedLimit(options.limit);
  }

  get value(): readonly Item[] {
    // What is kept is what was put in.
    return this.#items.read() as readonly Item[];
  }

  get size(): number {
    return this.value.length;
  }

  /** The last so many, the last one last; fewer when there are no more. Throws `StructureError` for what is no number of items. */
  last(count = 1): readonly Item[] {
    if (!Number.isSafeInteger(count) || count < 0)
      this.#items.refuse(`was asked for its last ${count} items`, "a whole number of at least 0");
    return this.value.slice(Math.max(0, this.size - count));
  }

  /** Puts items behind the last, one after the other. Throws `StructureError` for what JSON cannot write, and for want of room. */
  append(...items: readonly Item[]): void {
    if (items.length === 0) return;
    const all = [...this.#items.read(), ...this.#items.checked(items)];
    this.#items.write(this.#limit === undefined ? all : all.slice(-this.#limit));
  }

  /** Puts items before the first, one after the other: the last one is the first then. Throws as {@link append} does. */
  prepend(...items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#items.write(
      [...this.#items.checked(items).toReversed(), ...this.#items.read()].slice(0, this.#limit),
    );
  }

  /** Removes items wherever they are, and says how many went. */
  remove(...items: readonly Item[]): number {
    const gone = new Set(this.#items.checked(items).map(identityOf));
    const before = this.#items.read();
    const after = before.filter((item) => !gone.has(identityOf(item)));
    if (after.length < before.length) this.#items.write(after);
    return before.length - after.length;
  }

  /** Removes all: the default counts again. */
  clear(): void {
    this.#items.remove();
  }
}
