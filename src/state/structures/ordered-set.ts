import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept } from "./cell.ts";
import { Items, type LimitedOptions, once } from "./items.ts";
import { identityOf } from "./json.ts";

/** A member and its score. */
export type Scored<Item> = readonly [item: Item, score: number];

/**
 * Items by their scores, each once, lowest first; of equal scores the one that got it first. With a `limit`, what is
 * {@link add}ed pushes out the lowest.
 */
export class OrderedSet<Item> {
  readonly #kept: Kept<readonly Scored<unknown>[]>;
  /** Checks what is put in. */
  readonly #items: Items;
  readonly #default: readonly Scored<unknown>[];
  readonly #limit: number;

  /** Throws `StructureError` for a default or a limit that cannot be. The items of a default have the scores 1, 2, 3 and so on. */
  constructor(cell: Cell, options: LimitedOptions<Item>) {
    this.#kept = new Kept(cell, "orderedSet", options.expiresIn);
    this.#items = new Items(cell, "orderedSet", options, once);
    this.#limit = this.#items.checkedLimit(options.limit);
    this.#default = this.#items.initial.map((item, index) => [item, index + 1]);
  }

  /** The items, lowest score first. */
  get value(): readonly Item[] {
    return this.scores.map(([item]) => item);
  }

  /** The items with their scores, lowest first. */
  get scores(): readonly Scored<Item>[] {
    // What is kept is what was put in.
    return this.#read() as readonly Scored<Item>[];
  }

  get size(): number {
    return this.#read().length;
  }

  /** The highest so many, highest first. Throws `StructureError` for what is no number of items. */
  top(count = 1): readonly Item[] {
    if (!Number.isSafeInteger(count) || count < 0)
      throw this.#kept.refuse(`was asked for its top ${count} items`, "a whole number of at least 0");
    return this.value.toReversed().slice(0, count);
  }

  include(item: Item): boolean {
    return this.rank(item) !== undefined;
  }

  /** `undefined` for what is not in it. */
  score(item: Item): number | undefined {
    const rank = this.rank(item);
    return rank === undefined ? undefined : this.#read()[rank]?.[1];
  }

  /** How many items are lower; `undefined` for what is not in it. */
  rank(item: Item): number | undefined {
    const [identity] = this.#items.checked([item]).map(identityOf);
    const rank = this.#read().findIndex(([other]) => identityOf(other) === identity);
    return rank < 0 ? undefined : rank;
  }

  /** Puts an item in, or gives it another score. One that has this score keeps its place. Throws `StructureError` for what JSON cannot write, and a score that is no finite number. */
  add(item: Item, score: number): void {
    if (!Number.isFinite(score))
      throw this.#kept.refuse(`was given ${shown(score)} as score`, "a finite number");
    if (this.score(item) === score) return;
    this.#write(this.#with([[item, score + 0]]).slice(-this.#limit));
  }

  /** Adds to an item's score, to 0 for one that is not in it. Returns the new score. Throws as {@link add} does. */
  increment(item: Item, by = 1): number {
    const score = (this.score(item) ?? 0) + by;
    this.add(item, score);
    return score;
  }

  /** Puts items above the highest, one after the other; over the limit the lowest go. Throws as {@link add} does. */
  append(...items: readonly Item[]): void {
    if (items.length === 0) return;
    const highest = this.#read().at(-1)?.[1] ?? 0;
    this.#write(this.#with(items.map((item, index) => [item, highest + index + 1])).slice(-this.#limit));
  }

  /** Puts items below the lowest, one after the other; over the limit the highest go. Throws as {@link add} does. */
  prepend(...items: readonly Item[]): void {
    if (items.length === 0) return;
    const lowest = this.#read()[0]?.[1] ?? 0;
    this.#write(this.#with(items.map((item, index) => [item, lowest - index - 1])).slice(0, this.#limit));
  }

  /** Says how many went. */
  remove(...items: readonly Item[]): number {
    const before = this.#read();
    const after = without(before, this.#items.checked(items));
    if (after.length < before.length) this.#write(after);
    return before.length - after.length;
  }

  /** Removes all: the default counts again. */
  clear(): void {
    this.#kept.remove();
  }

  /** Of what is put in twice, the last score counts. */
  #with(added: readonly Scored<Item>[]): readonly Scored<unknown>[] {
    let all = this.#read();
    const items = this.#items.checked(added.map(([item]) => item));
    all = without(all, items);
    const latest = new Map<string, Scored<unknown>>();
    for (const [index, item] of items.entries()) {
      latest.set(identityOf(item), [item, added[index]?.[1] ?? 0]);
    }
    return [...all, ...latest.values()].sort(([, one], [, other]) => one - other);
  }

  #read(): readonly Scored<unknown>[] {
    return this.#kept.read() ?? this.#default;
  }

  #write(scores: readonly Scored<unknown>[]): void {
    const max = LIMITS.structureItems;
    if (scores.length > max)
      throw this.#kept.refuseFull(`would hold ${scores.length} items`, `at most ${max}`);
    this.#kept.write(scores);
  }
}

function without(scores: readonly Scored<unknown>[], items: readonly unknown[]): readonly Scored<unknown>[] {
  const gone = new Set(items.map(identityOf));
  return scores.filter(([item]) => !gone.has(identityOf(item)));
}
