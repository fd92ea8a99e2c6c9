import type { DoneFrame, PushFrame, RefusedFrame } from "../src/protocol/messages.ts";
import type { PendingCalls } from "./pending-calls.ts";

/** A frame that says something of the page, or of a call. */
export type HeldFrame = DoneFrame | RefusedFrame | PushFrame;

/** The number of the call that a frame answers; 0 for none. */
export function numberOf(frame: HeldFrame): number {
  if (frame[0] === "p") return 0;
  return frame[0] === "e" ? frame[1] : frame[0];
}

/**
 * Holds the frames back that come behind an answer which is not to be shown, until the answer is there that is: then all are
 * applied at once, and no browser paints in between.
 */
export class HeldFrames {
  readonly #calls: PendingCalls;
  #frames: HeldFrame[] = [];

  constructor(calls: PendingCalls) {
    this.#calls = calls;
  }

  /** True for a call whose answer is here. */
  has(number: number): boolean {
    return this.#frames.some((frame) => numberOf(frame) === number);
  }

  /** The frames that are to be applied now, in order: none, or all. */
  add(frame: HeldFrame): readonly HeldFrame[] {
    this.#frames.push(frame);
    if (this.#frames.some((held) => this.#waits(held))) return [];
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  /** They come again on the next socket. */
  drop(): void {
    this.#frames = [];
  }

  /** True for the answer of a call whose place another has taken that is not answered yet. */
  #waits(frame: HeldFrame): boolean {
    const by = this.#calls.get(numberOf(frame))?.by;
    return by !== undefined && this.#calls.get(by) !== undefined && !this.has(by);
  }
}
