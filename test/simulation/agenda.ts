/** What is due at a moment. */
interface Due {
  readonly at: number;
  /** Of those due together, what was asked for first. */
  readonly turn: number;
  readonly run: () => void;
}

/** How fine its clock is, in a millisecond: what is due in the same tick happens together. */
const TICKS = 20;

/**
 * A clock that jumps from one thing that is due to the next, with whatever promises they settle carried out in between: so that
 * hours of a hundred thousand objects pass in seconds. A binary heap: each thing costs the logarithm of how many wait.
 */
export class Agenda {
  /** Milliseconds since the simulation began. */
  now = 0;
  readonly #heap: Due[] = [];
  #turns = 0;

  /** Runs something at a moment, or at once when that has passed. */
  at(moment: number, run: () => void): void {
    this.#turns += 1;
    const due = { at: Math.ceil(Math.max(moment, this.now) * TICKS) / TICKS, turn: this.#turns, run };
    const heap = this.#heap;
    let index = heap.length;
    for (let parent = (index - 1) >> 1; index > 0; parent = (index - 1) >> 1) {
      const above = heap[parent] as Due;
      if (isBefore(above, due)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  /** Resolves after so many milliseconds. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + milliseconds, resolve));
  }

  /** Lets time pass until a moment, or until nothing is due any more. Returns whether anything is. */
  async passUntil(end: number): Promise<boolean> {
    for (;;) {
      // Whatever has settled goes on before anything else happens.
      await settled();
      const moment = this.#heap[0]?.at;
      if (moment === undefined || moment > end) break;
      this.now = moment;
      while (this.#heap[0]?.at === moment) this.#next().run();
    }
    if (Number.isFinite(end)) this.now = Math.max(this.now, end);
    return this.#heap.length > 0;
  }

  #next(): Due {
    const heap = this.#heap;
    const first = heap[0] as Due;
    const last = heap.pop() as Due;
    const count = heap.length;
    if (count === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && isBefore(heap[child + 1] as Due, heap[child] as Due)) child += 1;
      if (isBefore(last, heap[child] as Due)) break;
      heap[index] = heap[child] as Due;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.at < other.at || (one.at === other.at && one.turn < other.turn);
}

/** Resolves when no promise has anything to do. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
