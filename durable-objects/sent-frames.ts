import { LIMITS } from "../src/protocol/limits.ts";
import { UnreadFrames } from "./unread-frames.ts";

/**
 * The frames with updates that a tab was sent last, for as long as its object is awake: a tab whose socket dropped gets those
 * that it missed again, as they were. What is no longer here is rendered anew.
 */
export class SentFrames {
  /** How many there were since the page was loaded. */
  count: number;
  /** Those of them that the tab has not said that it has read. */
  readonly unread = new UnreadFrames();
  readonly #texts: string[] = [];
  #chars = 0;

  constructor(count: number) {
    this.count = count;
  }

  add(text: string): void {
    this.count += 1;
    this.unread.add(this.count, text.length);
    this.#texts.push(text);
    this.#chars += text.length;
    while (this.#texts.length > LIMITS.sentFrames || this.#chars > LIMITS.sentChars) {
      this.#chars -= this.#texts.shift()?.length ?? 0;
    }
  }

  /**
   * What a tab has missed that has seen so many of these frames.
   *
   * @returns `undefined` when some of it is not at hand, or the tab has seen what was never sent
   */
  after(seen: number): readonly string[] | undefined {
    const missed = this.count - seen;
    if (missed < 0 || missed > this.#texts.length) return undefined;
    return this.#texts.slice(this.#texts.length - missed);
  }
}
