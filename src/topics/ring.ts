import { LIMITS } from "../protocol/limits.ts";
import type { Item } from "./topic-messages.ts";

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
    for (const item of items) {
      const size = JSON.stringify(item.published).length;
      this.#items.push(item);
      this.#sizes.push(size);
      this.#chars += size;
    }
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

  #forgetTo(to: number): void {
    this.#items = [];
    this.#sizes = [];
    this.#chars = 0;
    this.#floor = to;
  }
}
