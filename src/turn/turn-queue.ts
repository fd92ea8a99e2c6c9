import { LIMITS } from "../protocol/limits.ts";

/**
 * Runs the turns of one session one after another, in the order in which they were asked for. Needed although
 * the object is single-threaded: the platform delivers the next frame as soon as a handler awaits anything but
 * storage, and two turns that interleave would read what the other is about to change.
 */
export class TurnQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** True when as many turns wait as may; the caller then refuses instead of calling {@link run}. */
  get isFull(): boolean {
    return this.#waiting >= LIMITS.waitingTurns;
  }

  /** Settles as `turn` does; one that fails does not stop those behind it. */
  run<Result>(turn: () => Promise<Result>): Promise<Result> {
    this.#waiting += 1;
    const result = this.#tail.then(turn).finally(() => {
      this.#waiting -= 1;
    });
    // The failure is the caller's, who holds `result`; the tail only needs to know that the turn is over.
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
