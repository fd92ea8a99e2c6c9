import type { Cell } from "./cell.ts";
import { Items, type LimitedOptions, once } from "./items.ts";
import { identityOf } from "./json.ts";

/** Items in an order, each once: one that is put in again moves. */
export class UniqueList<Item> {
  readonly #items: Items;
  readonly #limit: number;

  /** Throws `StructureError` for a default or a limit that cannot be. */
  constructor(cell: Cell, options: LimitedOptions<Item>) {
    this.#items = new Items(cell, "uniqueList", options, once);
    this.#limit = this.#items.checkedLimit(options.limit);
  }

  get value(): readonly Item[] {
    // What is kept is what was put in.
    return this.#items.read() as readonly Item[];
  }

  get size(): number {
    return this.value.length;
  }

  include(item: Item): boolean {
    const [identity] = this.#items.checked([item]).map(identityOf);
    return this.value.some((other) => identityOf(other) === identity);
  }

  /**
   * Puts items behind the last, one after the other; over the limit the first go. Throws `StructureError` for what JSON
   * cannot write.
   */
  append(...items: readonly Item[]): void {
    if (items.length === 0) return;
    const checked = this.#items.checked(items);
    // Of each, the place where it was put last counts: the first of them from behind.
    const all = once([...this.value, ...checked].toReversed());
    this.#items.write(all.slice(0, this.#limit).toReversed());
  }

  /** Puts items before the first, one after the other; over the limit the last go. Throws as {@link append} does. */
  prepend(...items: readonly Item[]): void {
    if (items.length === 0) return;
    const checked = this.#items.checked(items).toReversed();
    this.#items.write(once([...checked, ...this.value]).slice(0, this.#limit));
  }

  /** Removes items, and says how many went. */
  remove(...items: readonly Item[]): number {
    const gone = new Set(this.#items.checked(items).map(identityOf));
    const before = this.value;
    const after = before.filter((item) => !gone.has(identityOf(item)));
    if (after.length < before.length) this.#items.write(after);
    return before.length - after.length;
  }

  /** Removes all: the default counts again. */
  clear(): void {
    this.#items.remove();
  }
}
