import type {
  EntryMeasure,
  EntryStore,
  Evictable,
  Extent,
  StoredEntry,
  Totals,
} from "../src/cache/entry-store.ts";

/**
 * One table, the key its order, and no index beside it: an entry stored is one row written. What is looked at without the value
 * stands before it, so that large values are not read for it.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS entries (
  key TEXT PRIMARY KEY, bytes INTEGER NOT NULL, tick INTEGER NOT NULL,
  expires INTEGER, kept INTEGER, version TEXT, value BLOB NOT NULL
) WITHOUT ROWID`;

/** Keys that begin so. No UTF-8 has the byte 255, so that it is above all that may follow. */
const MATCHED = "key >= ? AND key < ? || CAST(x'ff' AS TEXT)";

/** How an extent is counted. */
const EXTENT = `count(*) AS count, coalesce(sum(bytes), 0) AS bytes,
  coalesce(sum(CASE WHEN expires IS NULL THEN 0 ELSE bytes END), 0) AS evictableBytes`;

type Row<Type> = { [Name in keyof Type]: SqlStorageValue };

/** The entries of one cache object in its SQLite. No table until the first entry. */
export class CacheStore implements EntryStore {
  readonly #storage: DurableObjectStorage;
  #hasTable: boolean | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  find(key: string): StoredEntry | undefined {
    const row = this.#first<StoredEntry & { value: ArrayBuffer }>(
      "SELECT bytes, tick, expires, kept, version, value FROM entries WHERE key = ?",
      key,
    );
    return row && { ...row, value: new Uint8Array(row.value) };
  }

  measure(key: string): EntryMeasure | undefined {
    return this.#first<EntryMeasure>("SELECT bytes, tick, expires FROM entries WHERE key = ?", key);
  }

  totals(): Totals {
    const query = `SELECT ${EXTENT}, coalesce(max(tick), 0) AS lastTick, min(kept) AS firstKept FROM entries`;
    return this.#first<Totals>(query) ?? { ...NOTHING, lastTick: 0, firstKept: null };
  }

  leastRecent(afterTick: number, limit: number): readonly Evictable[] {
    const query =
      "SELECT key, bytes, tick, expires FROM entries WHERE expires IS NOT NULL AND tick > ? ORDER BY tick LIMIT ?";
    return this.#all<Evictable>(query, afterTick, limit);
  }

  put(key: string, entry: StoredEntry, evicted: readonly string[]): void {
    if (!this.#isThere()) this.#storage.sql.exec(TABLE);
    this.#hasTable = true;
    // One write is whole by itself.
    if (evicted.length === 0) return this.#put(key, entry);
    this.#storage.transactionSync(() => {
      for (const one of evicted) this.remove(one);
      this.#put(key, entry);
    });
  }

  remove(key: string): void {
    this.#all("DELETE FROM entries WHERE key = ?", key);
  }

  removeMatched(prefix: string): Extent {
    if (prefix === "") return this.#removeAll();
    const extent = this.#first<Extent>(`SELECT ${EXTENT} FROM entries WHERE ${MATCHED}`, prefix, prefix);
    this.#all(`DELETE FROM entries WHERE ${MATCHED}`, prefix, prefix);
    return extent ?? NOTHING;
  }

  removeKeptUntil(now: number): Extent {
    const extent = this.#first<Extent>(`SELECT ${EXTENT} FROM entries WHERE kept <= ?`, now);
    this.#all("DELETE FROM entries WHERE kept <= ?", now);
    return extent ?? NOTHING;
  }

  wakeAt(milliseconds: number): void {
    // The platform holds back what is sent until it has been stored, and ends the object where that fails.
    void this.#storage.setAlarm(milliseconds);
  }

  #removeAll(): Extent {
    const extent = this.#first<Extent>(`SELECT ${EXTENT} FROM entries`);
    this.#all("DELETE FROM entries");
    return extent ?? NOTHING;
  }

  #put(key: string, { value, bytes, tick, expires, kept, version }: StoredEntry): void {
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO entries (key, bytes, tick, expires, kept, version, value) VALUES (?, ?, ?, ?, ?, ?, ?)",
      key,
      bytes,
      tick,
      expires,
      kept,
      version,
      value,
    );
  }

  #first<Type extends object>(query: string, ...binds: SqlStorageValue[]): Type | undefined {
    return this.#all<Type>(query, ...binds)[0];
  }

  #all<Type extends object>(query: string, ...binds: SqlStorageValue[]): Type[] {
    if (!this.#isThere()) return [];
    // The table has these columns, and every row was written above.
    return this.#storage.sql.exec<Row<Type>>(query, ...binds).toArray() as unknown[] as Type[];
  }

  /** Looked for once: this object is the only one that writes its storage. */
  #isThere(): boolean {
    this.#hasTable ??=
      this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'entries'").toArray().length > 0;
    return this.#hasTable;
  }
}

const NOTHING: Extent = { count: 0, bytes: 0, evictableBytes: 0 };
