import { LIMITS } from "../src/protocol/limits.ts";
import type { SessionChanges, SessionStore } from "../src/state/draft.ts";
import { roughSize } from "../src/state/rough-size.ts";
import { isTimer } from "../src/state/timers.ts";
import { OUTBOX_KEY } from "../src/topics/outbox.ts";
import { isUpload } from "../src/uploads/upload-record.ts";

/**
 * The session as it was before what has been committed since: what a tab shows that has not been brought up to date since
 * then. Bounded: a past that would take too much is given up.
 */
export class SessionPast implements SessionStore {
  readonly #store: SessionStore;
  readonly #before = new Map<string, unknown>();
  #chars = 0;

  constructor(store: SessionStore) {
    this.#store = store;
  }

  /** False when it is not known any more. */
  get isKnown(): boolean {
    return this.#chars <= LIMITS.pastChars;
  }

  /** False when nothing has been committed since. */
  get isPast(): boolean {
    return this.#before.size > 0;
  }

  /** Called before each commit. */
  remember(changes: SessionChanges): void {
    for (const key of changes.keys()) {
      // No page shows a timer, a file that is no reflex's yet, or what is published.
      if (!this.isKnown || this.#before.has(key) || isTimer(key) || isUpload(key) || key === OUTBOX_KEY)
        continue;
      const value = this.#store.read(key);
      this.#chars += key.length + roughSize(value);
      this.#before.set(key, value);
    }
    if (!this.isKnown) this.#before.clear();
  }

  /** The keys of the values that there were. */
  keys(): Iterable<string> {
    const keys = new Set(this.#store.keys());
    for (const [key, value] of this.#before) {
      if (value === undefined) keys.delete(key);
      else keys.add(key);
    }
    return keys;
  }

  /** The value that there was; of a past that is given up, the one that there is. */
  read(key: string): unknown {
    return this.#before.has(key) ? structuredClone(this.#before.get(key)) : this.#store.read(key);
  }
}
