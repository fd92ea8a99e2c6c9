import type { NodeSurroundings } from "./node-surroundings.ts";

/** One timer for many that wait: set for the first of them. */
export class DueTimer {
  readonly #on: NodeSurroundings;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(surroundings: NodeSurroundings, ring: () => void) {
    this.#on = surroundings;
    this.#ring = ring;
  }

  /** Has it ring by a time at the latest, in milliseconds since 1970. */
  setBy(at: number): void {
    if (at < this.#at) this.setTo(at);
  }

  /** Has it ring at a time; `Infinity`: not at all. */
  setTo(at: number): void {
    if (at === this.#at) return;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#cancel = this.#on.later(Math.max(0, at - this.#on.now()), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#cancel = undefined;
      this.#ring();
    });
  }
}
