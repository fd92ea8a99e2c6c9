interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that stands still until a test moves it. */
export class VirtualTime {
  /** Milliseconds since the test began. */
  now = 0;
  /** By when they are due; of those due together, what was asked for first. */
  readonly #waiting: Due[] = [];

  /** Runs something later; returns what cancels it. */
  readonly later = (milliseconds: number, run: () => void) => {
    const due = { at: this.now + milliseconds, run };
    const index = this.#waiting.findIndex(({ at }) => at > due.at);
    this.#waiting.splice(index < 0 ? this.#waiting.length : index, 0, due);
    return () => {
      const index = this.#waiting.indexOf(due);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  };

  /** When something is due next; `undefined` while nothing waits. */
  get dueAt(): number | undefined {
    return this.#waiting[0]?.at;
  }

  /** Lets time pass, and what is due happen in its order. */
  passUntil(end: number): void {
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  #next(end: number): Due | undefined {
    const [first] = this.#waiting;
    if (first === undefined || first.at > end) return undefined;
    return this.#waiting.shift();
  }
}
