import type { SessionChanges, SessionStore } from "../src/session/session.ts";

/**
 * The session as it was before what has been committed lately: what a tab shows that has not been brought up to date
 * since. Kept for as long as there is such a tab.
 */
export class SessionPast implements SessionStore {
  readonly #store: SessionStore;
  readonly #before = new Map<string, unknown>();

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** Called before each commit. */
  remember(changes: SessionChanges): void {
    for (const key of changes.keys()) {
      if (!this.#before.has(key)) this.#before.set(key, this.#store.read(key));
    }
  }

  read(key: string): unknown {
    return this.#before.has(key) ? structuredClone(this.#before.get(key)) : this.#store.read(key);
  }
}
