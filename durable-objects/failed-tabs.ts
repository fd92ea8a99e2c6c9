import type { Timer } from "../src/time/timer.ts";

/** How many times in a row a page is rendered again that fails. */
const TRIES = 5;

/** The first wait, in milliseconds; each further one is twice as long. */
const FIRST_MS = 1_000;

/**
 * Tabs whose pages could not be rendered for them: what they rest on may be back soon, and until then they show what is past, or are
 * told of no topic. Each is tried again a few times, and then left to what changes next.
 */
export class FailedTabs<Tab extends { readonly isOpen: boolean }> {
  readonly #timer: Timer;
  readonly #refresh: (tab: Tab) => void;
  /** How many times in a row each has failed. */
  readonly #failures = new WeakMap<Tab, number>();
  readonly #waiting = new WeakSet<Tab>();

  constructor(timer: Timer, refresh: (tab: Tab) => void) {
    this.#timer = timer;
    this.#refresh = refresh;
  }

  /** A tab was to be brought up to date: was it? */
  ended(tab: Tab, isDone: boolean): void {
    if (isDone) return void this.#failures.delete(tab);
    const failures = this.#failures.get(tab) ?? 0;
    if (failures >= TRIES || this.#waiting.has(tab)) return;
    this.#failures.set(tab, failures + 1);
    this.#waiting.add(tab);
    this.#timer(FIRST_MS * 2 ** failures, () => {
      this.#waiting.delete(tab);
      if (tab.isOpen && this.#failures.has(tab)) this.#refresh(tab);
    });
  }
}
