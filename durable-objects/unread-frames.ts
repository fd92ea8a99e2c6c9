import { LIMITS } from "../src/protocol/limits.ts";

/** The frames with updates that a page was sent and has not said that it has read. Of what was sent before a sleep nothing is known. */
export class UnreadFrames {
  /** How long each is, by its number. */
  readonly #chars = new Map<number, number>();
  #sum = 0;

  /** True when there are so many, or so much, that the page is sent no more of its own accord. */
  get areTooMany(): boolean {
    return this.#chars.size >= LIMITS.unreadFrames || this.#sum >= LIMITS.unreadChars;
  }

  /** A frame of that number was sent. */
  add(number: number, chars: number): void {
    this.#chars.set(number, chars);
    this.#sum += chars;
    const [first] = this.#chars;
    // Answers are sent to a page that reads nothing, too: of those that are too many the latest are enough.
    if (this.#chars.size > LIMITS.unreadFrames && first !== undefined) this.#drop(...first);
  }

  /** The page has read all frames up to this number, itself included. */
  read(seen: number): void {
    for (const [number, chars] of this.#chars) {
      if (number > seen) break;
      this.#drop(number, chars);
    }
  }

  #drop(number: number, chars: number): void {
    this.#chars.delete(number);
    this.#sum -= chars;
  }
}
