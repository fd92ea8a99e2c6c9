import { LIMITS } from "../protocol/limits.ts";

/**
 * Runs the turns of one session one after another, in the order in which they were asked for. Needed although
 * the object is single-threaded: the platform delivers the next frame as soon as a handler awaits anything but
 * storage, and two turns that interleave would read what the other is about to change.
 */
export class TurnQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #waitingChars = 0;

  /**
   * True when another turn may wait; otherwise the caller refuses instead of calling {@link run}.
   *
   * @param chars how much the turn keeps in memory while it waits
   */
  hasRoom(chars = 0): boolean {
    return this.#waiting < LIMITS.waitingTurns && this.#waitingChars + chars <= LIMITS.waitingChars;
  }

  /** Settles as `turn` does; one that fails does not stop those behind it. */
  run<Result>(turn: () => Promise<Result>, chars = 0): Promise<Result> {
    this.#waiting += 1;
    this.#waitingChars += chars;
    const result = this.#tail.then(turn).finally(() => {
      this.#waiting -= 1;
      this.#waitingChars -= chars;
    });
    // The failure is the caller's, who holds `result`; the tail only needs to know that the turn is over.
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
