import { LIMITS } from "../src/protocol/limits.ts";

/**
 * The calls of a tab that were answered, by their numbers: those whose answers are among the frames that can be sent again, and those
 * whose answers went over the socket that the tab has now.
 */
export class AnsweredCalls {
  /** Whether the answer can be sent again, by number. */
  readonly #numbers: Map<number, boolean>;

  /** `kept`: what the socket remembers of them, through a sleep. */
  constructor(kept: readonly number[] = []) {
    this.#numbers = new Map(kept.map((number) => [number, false]));
  }

  has(number: number): boolean {
    return this.#numbers.has(number);
  }

  /** An answer was sent. `isKept`: it is sent again to a tab that has not seen it. */
  add(number: number, isKept: boolean): void {
    this.#numbers.set(number, isKept);
    const [first] = this.#numbers.keys();
    if (this.#numbers.size > LIMITS.sentFrames && first !== undefined) this.#numbers.delete(first);
  }

  /** The tab has another socket: what went over the one before, and is not sent again, it may not have. */
  moved(): void {
    for (const [number, isKept] of this.#numbers) if (!isKept) this.#numbers.delete(number);
  }

  /** The latest of them, as the socket remembers them. */
  get kept(): readonly number[] {
    return [...this.#numbers.keys()].slice(-LIMITS.keptAnswered);
  }
}
