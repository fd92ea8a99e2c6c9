import type { Remote } from "./remote.ts";
import type { SlotCount } from "./slot-count.ts";
import { ANYBODY, type Work } from "./slots.ts";

/** `Slots` that are somewhere else: the same methods, as promises. */
export class RemoteSlots {
  readonly #count: Remote<SlotCount>;
  readonly #newId: () => string;

  /** @param newId names a holder, each time another */
  constructor(count: Remote<SlotCount>, newId: () => string) {
    this.#count = count;
    this.#newId = newId;
  }

  /** How many are reserved. */
  get value(): Promise<number> {
    return this.#count.value;
  }

  /** True when one is free. */
  get available(): Promise<boolean> {
    return this.#count.available;
  }

  /**
   * Reserves one until it is released, or its time is over; given `work`, while that is done. False when none is free:
   * nothing is done then. What `work` throws comes after the release.
   */
  async reserve(work?: Work): Promise<boolean> {
    if (work === undefined) return await this.#count.take(ANYBODY);
    const holder = this.#newId();
    if (!(await this.#count.take(holder))) return false;
    try {
      await work();
    } finally {
      await this.#count.leave(holder);
    }
    return true;
  }

  /** Releases one that was reserved without work. False when there is none. */
  async release(): Promise<boolean> {
    return await this.#count.leave(ANYBODY);
  }

  /** Releases all, whoever holds them. */
  async reset(): Promise<void> {
    await this.#count.reset();
  }
}
