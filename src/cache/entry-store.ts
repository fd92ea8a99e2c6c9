/** One entry of a cache object, its times in milliseconds since 1970. */
export interface StoredEntry {
  readonly value: Uint8Array;
  /** Bytes of key and value. */
  readonly bytes: number;
  /** Of two entries, the one that was stored later has the greater. */
  readonly tick: number;
  /** From when on it is no entry any more; `null`: never. */
  readonly expires: number | null;
  /** From when on it may be deleted: `expires`, or later while it may still be served stale. `null` with `expires`. */
  readonly kept: number | null;
  readonly version: string | null;
}

/** What of an entry decides what it costs and when it goes. */
export type EntryMeasure = Pick<StoredEntry, "bytes" | "tick" | "expires">;

/** An entry that may be evicted. */
export interface Evictable extends EntryMeasure {
  readonly key: string;
}

/** Entries together. */
export interface Extent {
  readonly count: number;
  readonly bytes: number;
  /** Bytes of those that have an expiry. */
  readonly evictableBytes: number;
}

/** All entries of a cache object. */
export interface Totals extends Extent {
  /** The greatest tick of any; 0 without any. */
  readonly lastTick: number;
  /** When the first may be deleted; `null` when none ever may. */
  readonly firstKept: number | null;
}

/** Where the entries of one cache object are kept. Synchronous. Owned by `Entries`; implemented over the object's SQLite. */
export interface EntryStore {
  find(key: string): StoredEntry | undefined;
  /** As `find`, without reading the value. */
  measure(key: string): EntryMeasure | undefined;
  /** Reads every entry once, without its value. */
  totals(): Totals;
  /** Entries with an expiry and a tick greater than that, least first, at most `limit`. Reads every entry once. */
  leastRecent(afterTick: number, limit: number): readonly Evictable[];
  /** Stores one entry in place of others, all of it or nothing. */
  put(key: string, entry: StoredEntry, evicted: readonly string[]): void;
  remove(key: string): void;
  /** Removes every entry whose key begins so, all with the empty prefix, and says what that was. */
  removeMatched(prefix: string): Extent;
  /** Removes what may be deleted by then, and says what that was. */
  removeKeptUntil(now: number): Extent;
  /** Asks to be woken for `Entries.sweep`, instead of when it was asked before. */
  wakeAt(milliseconds: number): void;
}
