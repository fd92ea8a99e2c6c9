import { decodeServerFrame } from "../src/protocol/codec.ts";
import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { ServerFrame, Update } from "../src/protocol/messages.ts";
import { updatesOf } from "./replies.ts";

/** Whom arrivals are for. */
export interface ArrivalPorts {
  /** Loads what updates need; `undefined` when it is all there. */
  readonly prepare: (updates: readonly Update[]) => Promise<unknown> | undefined;
  readonly take: (frame: ServerFrame) => void;
  readonly later: (milliseconds: number, run: () => void) => unknown;
  /** What is needed cannot be had, however often it is asked for, and the socket that it is needed for lives. */
  readonly lost: () => void;
}

/**
 * Frames in the order in which they came. The first that needs a part of the client which the page has not loaded makes all
 * behind it wait; when there is none, a frame is taken as it comes.
 */
export class Arrivals {
  readonly #ports: ArrivalPorts;
  #frames: ServerFrame[] = [];
  #failures = 0;

  constructor(ports: ArrivalPorts) {
    this.#ports = ports;
  }

  /** @param text of a frame, as it came over the socket */
  add(text: string): void {
    const frame = decodeServerFrame(text);
    if (frame === undefined) return console.error(`no frame of edge-reflex: ${text.slice(0, 100)}`);
    if (this.#frames.push(frame) === 1) this.#takeAll();
  }

  /** What came over a socket that is gone comes again. */
  drop(): void {
    this.#frames = [];
    this.#failures = 0;
  }

  #takeAll(): void {
    const { prepare, take, later, lost } = this.#ports;
    const frames = this.#frames;
    for (let frame = frames[0]; frame !== undefined; frame = frames[0]) {
      const prepared = prepare(updatesOf(frame));
      if (prepared !== undefined) {
        const goOn = () => frames === this.#frames && this.#takeAll();
        const goOnLater = (error: unknown) => {
          if (frames !== this.#frames) return;
          this.#failures += 1;
          console.error(error);
          if (this.#failures % CLIENT_LIMITS.loadTries === 0) lost();
          later(CLIENT_LIMITS.loadAgainMs, goOn);
        };
        prepared.then(goOn, goOnLater);
        return;
      }
      this.#failures = 0;
      take(frame);
      frames.shift();
    }
  }
}
