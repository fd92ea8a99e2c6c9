import { LIMITS } from "../protocol/limits.ts";

/** How many may come at once: fewer than a node keeps, so that whoever is there is told all of them. */
const MOST: number = LIMITS.publicationsPerSecond;

/** How many publications a topic takes in a second: a token bucket. */
export class PublicationRate {
  readonly #now: () => number;
  #tokens = MOST;
  #countedAt: number;

  /** @param now in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#countedAt = now();
  }

  /** Takes as many at once; answers how many milliseconds to wait before they may come: 0 for those that were taken. */
  take(count: number): number {
    // What counts for nothing is taken even while what came before is being paid for.
    if (count === 0) return 0;
    const now = this.#now();
    const gained = (Math.max(0, now - this.#countedAt) / 1_000) * LIMITS.publicationsPerSecond;
    this.#tokens = Math.min(MOST, this.#tokens + gained);
    this.#countedAt = now;
    // Those of one message may be more than ever there at once: they are taken when the bucket is full, and paid for later.
    const missing = Math.min(count, MOST) - this.#tokens;
    if (missing > 0) return Math.ceil((missing / LIMITS.publicationsPerSecond) * 1_000);
    this.#tokens -= count;
    return 0;
  }
}
