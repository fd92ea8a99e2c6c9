import { LIMITS } from "../protocol/limits.ts";
import { withoutNeedless } from "./needless.ts";
import type { Item, Published } from "./topic-messages.ts";

/** The last publications of a node, as many as may be kept: by number and by characters. */
export class Ring {
  #items: Item[] = [];
  #sizes: number[] = [];
  #chars = 0;
  #floor: number;
  #last: number;

  /** @param last the publication that was the last before those which are kept */
  constructor(last: number) {
    this.#floor = last;
    this.#last = last;
  }

  /** The number of the last publication. */
  get last(): number {
    return this.#last;
  }

  /**
   * Takes what was published up to a number.
   *
   * @param items of numbers behind the last, in their order. Absent: they are not at hand, and nothing before them is either then
   */
  extend(to: number, items: readonly Item[] | undefined): void {
    this.#last = to;
    if (items === undefined) return this.#forgetTo(to);
    for (const item of items) this.#push(item);
    while (this.#items.length > LIMITS.keptPublications || this.#chars > LIMITS.keptPublicationChars) {
      this.#floor = this.#items.shift()?.seq ?? to;
      this.#chars -= this.#sizes.shift() ?? 0;
    }
  }

  /** What was published behind a number, in its order; `undefined` when not all of it is kept. */
  since(seq: number): readonly Item[] | undefined {
    if (seq < this.#floor || seq > this.#last) return undefined;
    const first = this.#items.findIndex((item) => item.seq > seq);
    return first < 0 ? [] : this.#items.slice(first);
  }

  /** Touches are not bounded by a rate: those in a row that say the same take one place, so that operations keep theirs. */
  #push(item: Item): void {
    const before = this.#items.at(-1);
    const isSame = before !== undefined && isSameTouch(before.published, item.published);
    const [one = item] = isSame ? withoutNeedless([before, item]) : [item];
    if (isSame) {
      this.#items.pop();
      this.#chars -= this.#sizes.pop() ?? 0;
    }
    const size = JSON.stringify(one.published).length;
    this.#items.push(one);
    this.#sizes.push(size);
    this.#chars += size;
  }

  #forgetTo(to: number): void {
    this.#items = [];
    this.#sizes = [];
    this.#chars = 0;
    this.#floor = to;
  }
}

/** True for touches that say the same of what has changed, whoever they are by. */
function isSameTouch(one: Published, other: Published): boolean {
  if (one.kind !== "touch" || other.kind !== "touch") return false;
  return JSON.stringify(one.changed) === JSON.stringify(other.changed);
}
