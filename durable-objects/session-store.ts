import type { SessionChanges, SessionStore } from "../src/state/draft.ts";
import {
  mayBeLarge,
  readSessionRow,
  SESSION_ROW,
  type SessionRow,
  SessionRowDraft,
  VALUE_PREFIX,
} from "./session-row.ts";
import { sweepTabRecords, TAB_PREFIX, type TabRecord } from "./tab-record.ts";

/** A call whose number is stored together with what it changed. */
export interface StoredCall {
  /** The page load that made it. */
  readonly tab: string;
  /** What is known of its calls from then on. */
  readonly record: TabRecord;
}

/**
 * The session's values, and the last calls of its tabs, in the object's SQLite through its synchronous key-value
 * interface (structured clone). No table until the first write, so that a visitor who stores nothing leaves nothing.
 */
export class StoredSession implements SessionStore {
  readonly #storage: DurableObjectStorage;
  /** Read once: this object is the only one that writes its storage. */
  #row: SessionRow | undefined;
  /** Tabs that will ask for nothing again; they go with the next write. */
  readonly #left = new Set<string>();

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  read(key: string): unknown {
    const row = this.#read();
    const value = row.values.get(key);
    if (value === undefined && mayBeLarge(row, key)) return this.#storage.kv.get(VALUE_PREFIX + key);
    return typeof value === "object" ? structuredClone(value) : value;
  }

  *keys(): Iterable<string> {
    const { values, large } = this.#read();
    yield* values.keys();
    if (large !== undefined) return yield* large;
    for (const [key] of this.#storage.kv.list({ prefix: VALUE_PREFIX })) yield key.slice(VALUE_PREFIX.length);
  }

  /** What is stored of the calls of a tab. */
  recordOf(tab: string): TabRecord | undefined {
    const { tabs, leftTabs } = this.#read();
    const record = tabs.get(tab);
    if (record !== undefined || leftTabs === 0) return record;
    return this.#storage.kv.get<TabRecord>(TAB_PREFIX + tab);
  }

  /** A tab has left with every call answered. */
  left(tab: string): void {
    if (this.#row?.tabs.has(tab)) this.#left.add(tab);
  }

  /**
   * Writes all of it or nothing: what a turn changed, and the call behind it. Synchronous, so that a frame sent in the same
   * turn of the event loop waits for the write behind the output gate.
   *
   * Throws what the platform throws when it cannot store a value.
   */
  commit(changes: SessionChanges, call?: StoredCall): void {
    if (changes.size === 0 && call === undefined) return;
    const draft = new SessionRowDraft(this.#read());
    for (const tab of this.#left) draft.removeTab(tab);
    for (const [key, value] of changes) draft.setValue(key, value);
    if (call !== undefined) draft.setTab(call.tab, call.record);
    const row = draft.toRow();
    const { kv } = this.#storage;
    // One write is whole by itself.
    if (draft.others.size === 0) kv.put(SESSION_ROW, row);
    else this.#storage.transactionSync(() => this.#writeAll(row, draft.others));
    this.#row = row;
    this.#left.clear();
    if (draft.isSweepDue) sweepTabRecords(kv, Date.now());
  }

  #writeAll(row: SessionRow, others: ReadonlyMap<string, unknown>): void {
    const { kv } = this.#storage;
    kv.put(SESSION_ROW, row);
    for (const [key, value] of others) {
      if (value === undefined) kv.delete(key);
      else kv.put(key, value);
    }
  }

  #read(): SessionRow {
    this.#row ??= readSessionRow(this.#storage.kv);
    return this.#row;
  }
}
