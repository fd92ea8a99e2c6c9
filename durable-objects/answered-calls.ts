import { LIMITS } from "../src/protocol/limits.ts";

/** The calls of a tab whose answers are among the frames that can be sent again, by their numbers. */
export class AnsweredCalls {
  readonly #numbers: Set<number>;

  constructor(kept: readonly number[] = []) {
    this.#numbers = new Set(kept);
  }

  has(number: number): boolean {
    return this.#numbers.has(number);
  }

  add(number: number): void {
    this.#numbers.add(number);
    const [first] = this.#numbers;
    if (this.#numbers.size > LIMITS.sentFrames && first !== undefined) this.#numbers.delete(first);
  }

  /** The latest of them, as the socket remembers them. */
  get kept(): readonly number[] {
    return [...this.#numbers].slice(-LIMITS.keptAnswered);
  }
}
