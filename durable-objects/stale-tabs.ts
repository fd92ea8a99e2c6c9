import type { TurnQueue } from "../src/turn/turn-queue.ts";

/** What a tab waits for, and what waits for that. */
interface Refresh {
  readonly isOver: Promise<void>;
  readonly end: () => void;
  /** What is done behind it, in this order. */
  readonly behind: (() => void)[];
}

/** What is done with tabs that wait. */
interface StaleTabsPorts<Tab> {
  readonly queue: TurnQueue;
  /** Brings a tab up to date. May reject. */
  readonly refresh: (tab: Tab) => Promise<void>;
  /** No tab waits any more. */
  readonly rested: () => void;
  readonly waitUntil: (turn: Promise<void>) => void;
}

/**
 * The tabs that are to be brought up to date, one after another, each in a turn of its own, so that calls do not wait for all of
 * them. One that waits already is not queued a second time; one that is being brought up to date is, since what is news by then may
 * be missing in it.
 */
export class StaleTabs<Tab> {
  readonly #ports: StaleTabsPorts<Tab>;
  readonly #waiting = new Map<Tab, Refresh>();
  #current: { readonly tab: Tab; readonly refresh: Refresh } | undefined;
  #isUnderWay = false;

  constructor(ports: StaleTabsPorts<Tab>) {
    this.#ports = ports;
  }

  /** True for a tab that waits, or is being brought up to date. */
  has(tab: Tab): boolean {
    return this.#waiting.has(tab) || this.#current?.tab === tab;
  }

  /** Has a tab brought up to date. Resolves when it was, or could not be; never rejects. */
  add(tab: Tab): Promise<void> {
    const waiting = this.#waiting.get(tab);
    if (waiting !== undefined) return waiting.isOver;
    let end = () => {};
    const isOver = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#waiting.set(tab, { isOver, end, behind: [] });
    if (!this.#isUnderWay) this.#next();
    return isOver;
  }

  /** Runs something that follows all that a tab is to be brought up to date with: at once, if that is nothing. Must not throw. */
  behind(tab: Tab, run: () => void): void {
    const current = this.#current?.tab === tab ? this.#current.refresh : undefined;
    const refresh = this.#waiting.get(tab) ?? current;
    if (refresh === undefined) run();
    else refresh.behind.push(run);
  }

  #next(): void {
    const [first] = this.#waiting;
    this.#isUnderWay = first !== undefined;
    if (first === undefined) return this.#ports.rested();
    const [tab, refresh] = first;
    const turn = this.#ports.queue.run(async () => {
      this.#waiting.delete(tab);
      this.#current = { tab, refresh };
      try {
        await this.#ports.refresh(tab);
      } finally {
        this.#current = undefined;
        try {
          for (const run of refresh.behind) run();
        } finally {
          // Whatever that came to, the others wait for this.
          refresh.end();
          this.#next();
        }
      }
    });
    this.#ports.waitUntil(turn);
  }
}
