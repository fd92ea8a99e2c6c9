import type { SessionChanges, SessionStore } from "../src/session/session.ts";

/** Apart from everything else that the object stores. */
const PREFIX = "session:";

/**
 * Session values in the object's SQLite, through its synchronous key-value interface (structured clone; no table
 * until the first write, so that a visitor who stores nothing leaves nothing behind).
 */
export class StoredSession implements SessionStore {
  readonly #storage: DurableObjectStorage;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  read(key: string): unknown {
    return this.#storage.kv.get(PREFIX + key);
  }

  /**
   * Writes all of it or nothing. One row for each key. Synchronous, so that a frame sent in the same turn of the
   * event loop waits for the write behind the output gate.
   *
   * Throws what the platform throws when it cannot store a value.
   */
  commit(changes: SessionChanges): void {
    if (changes.size === 0) return;
    this.#storage.transactionSync(() => {
      for (const [key, value] of changes) this.#write(PREFIX + key, value);
    });
  }

  #write(key: string, value: unknown): void {
    if (value === undefined) this.#storage.kv.delete(key);
    else this.#storage.kv.put(key, value);
  }
}
