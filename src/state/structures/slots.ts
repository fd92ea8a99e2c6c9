import type { SlotCount } from "./slot-count.ts";

/** Holds what was reserved without saying by whom. */
export const ANYBODY = "";

/** What is done with a slot reserved. */
export type Work = () => Promise<void> | void;

/** So many slots of which each is held by one at a time; with one, what Kredis calls `slot`. */
export class Slots {
  readonly #count: SlotCount;
  readonly #newId: () => string;

  /** @param newId names a holder, each time another */
  constructor(count: SlotCount, newId: () => string) {
    this.#count = count;
    this.#newId = newId;
  }

  /** How many are reserved. */
  get value(): number {
    return this.#count.value;
  }

  /** True when one is free. */
  get available(): boolean {
    return this.#count.available;
  }

  /** Reserves one until it is released, or its time is over. False when none is free. */
  reserve(): boolean;
  /** Reserves one while `work` is done, and releases it when that is done or has failed. False when none is free: nothing is done then. */
  reserve(work: Work): Promise<boolean>;
  reserve(work?: Work): boolean | Promise<boolean> {
    return work === undefined ? this.#count.take(ANYBODY) : this.#during(work);
  }

  /** Releases one that was reserved without work. False when there is none. */
  release(): boolean {
    return this.#count.leave(ANYBODY);
  }

  /** Releases all, whoever holds them. */
  reset(): void {
    this.#count.reset();
  }

  async #during(work: Work): Promise<boolean> {
    const holder = this.#newId();
    if (!this.#count.take(holder)) return false;
    try {
      await work();
    } finally {
      this.#count.leave(holder);
    }
    return true;
  }
}
