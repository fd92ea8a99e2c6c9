import type { Timer } from "../../src/time/timer.ts";

/** A timer whose time a test lets pass, and that counts what was started and stopped. */
export class ManualTimer {
  /** How long each timer was started for, in milliseconds. */
  readonly started: number[] = [];
  stops = 0;
  expire: () => void = () => {
    throw new Error("No timer was started");
  };

  #heard: () => void = () => {};
  readonly #first = new Promise<void>((resolve) => {
    this.#heard = resolve;
  });

  /** Settles when the first timer was started. */
  hasStarted(): Promise<void> {
    return this.#first;
  }

  readonly start: Timer = (milliseconds, expired) => {
    this.started.push(milliseconds);
    this.expire = expired;
    this.#heard();
    return () => {
      this.stops += 1;
    };
  };
}
