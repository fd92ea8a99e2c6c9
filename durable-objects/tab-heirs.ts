import { LIMITS } from "../src/protocol/limits.ts";
import type { SessionChanges, SessionStore } from "../src/state/draft.ts";
import { TAB_KEY, type TabValues } from "../src/state/tab-state.ts";
import type { AlarmDuty, Ring } from "./session-alarm.ts";
import type { StoredSession } from "./session-store.ts";
import type { Tab } from "./tab.ts";
import type { Tabs } from "./tabs.ts";
import { VISIT_TAB } from "./turn-states.ts";

/**
 * Keeps the states of tabs with their tabs: a page load takes over what the page load before it left, and what nobody takes over
 * goes after a time.
 */
export class TabHeirs implements AlarmDuty {
  readonly #store: StoredSession;
  readonly #tabs: Tabs;
  readonly #expiresInMs: number;

  /** @param expiresInMs how long the state of a tab is kept after its tab was last there, in milliseconds */
  constructor(store: StoredSession, tabs: Tabs, expiresInMs: number) {
    this.#store = store;
    this.#tabs = tabs;
    this.#expiresInMs = expiresInMs;
  }

  /** True for the name of a tab that has a state. */
  hasState(name: string | undefined): boolean {
    return name !== undefined && stateAt(this.#store, name) !== undefined;
  }

  /** What a page load takes over: what the handler of its page wrote, else what the page load before it left; by its name. */
  sourceOf(tab: Tab, visit: string): string | undefined {
    const names = [visit === "" ? undefined : VISIT_TAB + visit, tab.before];
    return names.find((name) => name !== tab.id && this.hasState(name));
  }

  /**
   * A page load takes over the state of its tab. Of a tab that is still open, duplicated, it gets a copy. One that has a state of
   * its own has been left, and come back to from a later page: that one's state is its tab's. Called as a turn.
   */
  takeOver(tab: Tab, source: string): void {
    const state = stateAt(this.#store, source);
    if (state === undefined || tab.id === undefined) return;
    const changes = new Map<string, unknown>([[TAB_KEY + tab.id, state]]);
    // What the handler wrote had begun with what the page load before it left.
    for (const name of new Set([source, tab.before])) {
      // A tab that has lost its socket may come back.
      const isThere =
        this.#tabs.isAway(name) || this.#tabs.open.some((other) => other !== tab && other.id === name);
      if (!isThere && this.hasState(name)) changes.set(TAB_KEY + name, undefined);
    }
    this.#store.commit(this.bounded(changes), { ringBy: this.#dueAfter(state.at) });
  }

  /** When what is written of tabs has to be looked at again; `undefined` when nothing of them is. */
  dueFor(changes: SessionChanges): number | undefined {
    const written = [...changes].filter(([key, value]) => key.startsWith(TAB_KEY) && value !== undefined);
    // Only src/state/tab-state.ts and this file write under such keys.
    return written.length === 0
      ? undefined
      : Math.min(...written.map(([, value]) => this.#dueAfter((value as TabValues).at)));
  }

  /** The changes, and with a state too many the removal of those whose tabs have been gone longest, a quarter of all at a time. */
  bounded(changes: SessionChanges): SessionChanges {
    const isNew = ([key, value]: readonly [string, unknown]) =>
      key.startsWith(TAB_KEY) && value !== undefined && this.#store.read(key) === undefined;
    if (![...changes].some(isNew)) return changes;
    const others = [...this.#store.keys()].filter((key) => key.startsWith(TAB_KEY) && !changes.has(key));
    if (others.length < LIMITS.tabStates) return changes;
    const open = new Set(this.#tabs.open.map(({ id }) => TAB_KEY + id));
    const seen = others.map((key) => ({
      key,
      at: open.has(key) ? Number.POSITIVE_INFINITY : this.#seenAt(key),
    }));
    const longest = seen.sort((left, right) => left.at - right.at).slice(0, LIMITS.tabStates / 4);
    return new Map([...changes, ...longest.map(({ key }) => [key, undefined] as const)]);
  }

  /** A tab has lost its socket, and may come back: its state is kept from now on for its time. Called as a turn. */
  gone(tab: Tab, now: number): void {
    const state = tab.id === undefined ? undefined : stateAt(this.#store, tab.id);
    if (state === undefined) return;
    // It has come back, or another page load has taken over.
    if (this.#tabs.open.some(({ id }) => id === tab.id)) return;
    this.#store.commit(new Map([[TAB_KEY + tab.id, { ...state, at: now }]]), {
      ringBy: this.#dueAfter(now),
      isSeen: false,
    });
  }

  /** Deletes the states of tabs that have been gone for their time, and remembers which are there. */
  async ring({ now }: Ring): Promise<number | undefined> {
    const open = new Set(this.#tabs.open.map(({ id }) => id));
    const changes = new Map<string, unknown>();
    let next: number | undefined;
    for (const key of Array.from(this.#store.keys())) {
      if (!key.startsWith(TAB_KEY)) continue;
      const name = key.slice(TAB_KEY.length);
      const isOpen = open.has(name);
      const seenAt = isOpen ? now : this.#seenAt(key);
      const dueAt = this.#dueAfter(seenAt);
      if (dueAt <= now) changes.set(key, undefined);
      else next = Math.min(next ?? dueAt, dueAt);
      // Its end may never be heard of: from then on its time is counted from here.
      const isLongAgo = this.#seenAt(key) <= now - this.#expiresInMs / 2;
      if (isOpen && isLongAgo) changes.set(key, { ...stateAt(this.#store, name), at: now });
    }
    if (changes.size > 0) this.#store.commit(changes, { isSeen: false });
    return next;
  }

  #seenAt(key: string): number {
    return stateAt(this.#store, key.slice(TAB_KEY.length))?.at ?? 0;
  }

  #dueAfter(now: number): number {
    return now + this.#expiresInMs;
  }
}

function stateAt(store: SessionStore, name: string): TabValues | undefined {
  // Only src/state/tab-state.ts and this file write under such keys.
  return store.read(TAB_KEY + name) as TabValues | undefined;
}
