import type { VirtualTime } from "./virtual-time.ts";

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it, and lets promises settle before each thing that is due. */
export class TopicTime {
  now = 1_000_000;
  #waiting: Due[] = [];

  /** Runs something later; returns what cancels it. */
  readonly later = (milliseconds: number, run: () => void) => {
    const due = { at: this.now + milliseconds, run };
    const index = this.#waiting.findLastIndex(({ at }) => at <= due.at);
    this.#waiting.splice(index + 1, 0, due);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== due);
    };
  };

  /** How much waits. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** When the first of it is due; `Infinity`: nothing waits. */
  get nextAt(): number {
    return this.#waiting[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.later(milliseconds, resolve));
  }

  /** Lets everything happen that is due at the next moment, which is not behind `end`. Answers whether there was any. */
  async step(end: number): Promise<boolean> {
    if (this.nextAt > end) return false;
    this.now = Math.max(this.now, this.nextAt);
    for (let [first] = this.#waiting; first !== undefined && first.at <= this.now; [first] = this.#waiting) {
      this.#waiting.shift();
      first.run();
    }
    await settled();
    return true;
  }
}

/** Lets virtual time pass, and what was begun meanwhile come to its end. */
export async function pass(time: VirtualTime, milliseconds: number): Promise<void> {
  await settled();
  const end = time.now + milliseconds;
  // Calls take some turns of the event loop, and no time; what follows from them may be due before the end.
  for (let at = time.dueAt; at !== undefined && at <= end; at = time.dueAt) {
    time.passUntil(at);
    await settled();
  }
  time.passUntil(end);
}

/** Resolves when no promise can go on by itself. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
