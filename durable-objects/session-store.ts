import { LIMITS } from "../src/protocol/limits.ts";
import type { SessionChanges, SessionStore } from "../src/session/session.ts";

/** Apart from everything else that the object stores. */
const PREFIX = "session:";

/**
 * Session values in the object's SQLite, through its synchronous key-value interface (structured clone; no table
 * until the first write, so that a visitor who stores nothing leaves nothing behind).
 */
export class StoredSession implements SessionStore {
  readonly #storage: DurableObjectStorage;
  /**
   * Values that were read or written lately, without those that somebody could change in place. This object is the only
   * one that writes its storage, so they stay right for as long as it is awake.
   */
  readonly #recent = new Map<string, unknown>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  read(key: string): unknown {
    if (this.#recent.has(key)) return this.#recent.get(key);
    const value = this.#storage.kv.get(PREFIX + key);
    this.#remember(key, value);
    return value;
  }

  /**
   * Writes all of it or nothing. One row for each key. Synchronous, so that a frame sent in the same turn of the
   * event loop waits for the write behind the output gate.
   *
   * Throws what the platform throws when it cannot store a value.
   */
  commit(changes: SessionChanges): void {
    if (changes.size === 0) return;
    const write = () => {
      for (const [key, value] of changes) this.#write(PREFIX + key, value);
    };
    // One write is whole by itself.
    if (changes.size === 1) write();
    else this.#storage.transactionSync(write);
    for (const [key, value] of changes) this.#remember(key, value);
  }

  #remember(key: string, value: unknown): void {
    this.#recent.delete(key);
    if (typeof value === "object" && value !== null) return;
    if (typeof value === "string" && value.length > LIMITS.recentValueChars) return;
    this.#recent.set(key, value);
    const [oldest] = this.#recent.keys();
    if (this.#recent.size > LIMITS.recentValues && oldest !== undefined) this.#recent.delete(oldest);
  }

  #write(key: string, value: unknown): void {
    if (value === undefined) this.#storage.kv.delete(key);
    else this.#storage.kv.put(key, value);
  }
}
