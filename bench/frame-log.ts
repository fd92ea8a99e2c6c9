import type { Page } from "playwright-core";

/** How long no frame may come before an update counts as over: long after the slowest second frame. */
const QUIET_MS = 150;
const TIMEOUT_MS = 20_000;

/** The frames of one update. */
export interface Exchange {
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** Listens to the sockets of a page. Made before the page is loaded. */
export class FrameLog {
  readonly #page: Page;
  #up: string[] = [];
  #down: string[] = [];
  #lastMs = 0;

  constructor(page: Page) {
    this.#page = page;
    page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => this.#heard(this.#up, String(payload)));
      socket.on("framereceived", ({ payload }) => this.#heard(this.#down, String(payload)));
    });
  }

  /** All frames from an act until nothing more comes, its acknowledgement included. Rejects when none comes at all. */
  async during(act: (page: Page) => Promise<void>): Promise<Exchange> {
    this.#up = [];
    this.#down = [];
    await act(this.#page);
    const start = performance.now();
    while (this.#down.length === 0 || performance.now() - this.#lastMs < QUIET_MS) {
      if (performance.now() - start > TIMEOUT_MS) throw new Error(`No answer to ${JSON.stringify(this.#up)}`);
      await this.#page.waitForTimeout(10);
    }
    return { up: this.#up, down: this.#down };
  }

  #heard(frames: string[], payload: string): void {
    frames.push(payload);
    this.#lastMs = performance.now();
  }
}

/** The UTF-8 bytes of whole frames. */
export function bytesOf(frames: readonly string[]): number {
  return frames.reduce((sum, frame) => sum + Buffer.byteLength(frame), 0);
}
