import type { EntryMeasure, EntryStore, Evictable, Extent, StoredEntry, Totals } from "./entry-store.ts";
import type { Recency } from "./recency.ts";

/** What has expired is deleted together, at most this often. What is read meanwhile is a miss all the same. */
const SWEEP_MS = 60_000;

/** An entry to be stored; times in milliseconds since 1970. */
export type EntryDraft = Pick<StoredEntry, "value" | "expires" | "kept" | "version">;

/** Why an entry was not stored: with everything evicted that may be, it would still be too much. */
export interface NoRoom {
  /** Bytes of the entry's key and value. */
  readonly bytes: number;
  /** Bytes that entries without an expiry take. */
  readonly permanentBytes: number;
  readonly capacityBytes: number;
}

/** What there is by a key: fresh, or expired not longer ago than was asked for. */
export type Found =
  | { readonly kind: "fresh" | "stale"; readonly entry: StoredEntry }
  | { readonly kind: "missing" };

interface FindTerms {
  readonly version?: string | undefined;
  /** For how long after its expiry an entry is still found, as stale. Default: not at all. */
  readonly staleMs?: number | undefined;
}

/**
 * The entries of one cache object: which count, what they take, and which go when there is no more room. Keeps nothing that
 * it could not read again but the order of reads.
 */
export class Entries {
  readonly #store: EntryStore;
  readonly #recency: Recency;
  readonly #capacityBytes: number;
  readonly #now: () => number;
  /** What all entries take. Read at the first write. */
  #extent: Extent | undefined;
  /** When the store wakes this for a sweep. */
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(
    store: EntryStore,
    recency: Recency,
    { capacityBytes, now }: { readonly capacityBytes: number; readonly now: () => number },
  ) {
    this.#store = store;
    this.#recency = recency;
    this.#capacityBytes = capacityBytes;
    this.#now = now;
  }

  /** Bytes of all keys and values. */
  get bytes(): number {
    return this.#load().bytes;
  }

  /** What there is by a key. A fresh one counts as used. Writes nothing. */
  find(key: string, { version, staleMs = 0 }: FindTerms = {}): Found {
    const entry = this.#store.find(key);
    if (entry === undefined || isOtherVersion(entry, version)) return { kind: "missing" };
    if (entry.expires === null) return { kind: "fresh", entry };
    const expiredMs = this.#now() - entry.expires;
    if (expiredMs >= 0) return expiredMs < staleMs ? { kind: "stale", entry } : { kind: "missing" };
    this.#recency.read(key);
    return { kind: "fresh", entry };
  }

  /** Stores an entry, in place of the least recently used ones with an expiry where there is no room for all. */
  put(key: string, draft: EntryDraft): NoRoom | undefined {
    const before = this.#store.measure(key);
    const others = without(this.#load(), before);
    const bytes = new TextEncoder().encode(key).length + draft.value.length;
    const permanentBytes = others.bytes - others.evictableBytes;
    // Asked before anything is evicted: what cannot be stored costs nothing else its place.
    if (permanentBytes + bytes > this.#capacityBytes) {
      return { bytes, permanentBytes, capacityBytes: this.#capacityBytes };
    }
    const evicted = this.#oldestOf(others.bytes + bytes - this.#capacityBytes, key);
    const entry = { ...draft, bytes, tick: this.#recency.written(key) };
    try {
      this.#store.put(
        key,
        entry,
        evicted.map(({ key }) => key),
      );
    } catch (cause) {
      this.#recency.reset();
      throw cause;
    }
    this.#extent = including(evicted.reduce(without, others), entry);
    if (draft.kept !== null) this.#wakeFor(draft.kept);
    return undefined;
  }

  /** Whether there was an entry. */
  remove(key: string): boolean {
    const before = this.#store.measure(key);
    if (before === undefined) return false;
    this.#store.remove(key);
    this.#recency.removed(key);
    if (this.#extent !== undefined) this.#extent = without(this.#extent, before);
    return before.expires === null || before.expires > this.#now();
  }

  /**
   * Removes every entry whose key begins so; all with the empty prefix.
   *
   * @returns how many there were, with those that have expired and were not swept yet
   */
  removeMatched(prefix: string): number {
    const removed = this.#store.removeMatched(prefix);
    this.#recency.removedMatched(prefix);
    if (this.#extent !== undefined) this.#extent = difference(this.#extent, removed);
    return removed.count;
  }

  /** Deletes what has expired. Called when the store wakes this, as it was asked to. */
  sweep(): void {
    this.#store.removeKeptUntil(this.#now());
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const { firstKept } = this.#read();
    if (firstKept !== null) this.#wakeFor(firstKept);
  }

  /** The least recently used entries that take so many bytes together, or a little more. */
  #oldestOf(bytes: number, except: string): readonly Evictable[] {
    const oldest: Evictable[] = [];
    if (bytes <= 0) return oldest;
    let taken = 0;
    for (const entry of this.#recency.oldestFirst(except)) {
      oldest.push(entry);
      taken += entry.bytes;
      if (taken >= bytes) break;
    }
    return oldest;
  }

  #load(): Extent {
    if (this.#extent !== undefined) return this.#extent;
    const totals = this.#read();
    // Asked for when the entry was stored that expires first, or one that expired before it.
    if (totals.firstKept !== null) this.#wakesAt = wakingFor(totals.firstKept);
    return totals;
  }

  #read(): Totals {
    const totals = this.#store.totals();
    this.#recency.start(totals.lastTick);
    this.#extent = totals;
    return totals;
  }

  /** To ask is a row written, so that entries which expire within the same minute ask once. */
  #wakeFor(kept: number): void {
    const now = this.#now();
    // The platform gives up an alarm that has failed too often.
    const isLost = this.#wakesAt < now - SWEEP_MS;
    if (!isLost && wakingFor(kept) >= this.#wakesAt) return;
    this.#wakesAt = wakingFor(isLost ? now : kept);
    this.#store.wakeAt(this.#wakesAt);
  }
}

function isOtherVersion(entry: StoredEntry, version: string | undefined): boolean {
  return version !== undefined && entry.version !== null && entry.version !== version;
}

/** The end of the minute. */
function wakingFor(kept: number): number {
  return Math.ceil(kept / SWEEP_MS) * SWEEP_MS;
}

function without(extent: Extent, entry: EntryMeasure | undefined): Extent {
  return entry === undefined ? extent : difference(extent, extentOf(entry));
}

function including(extent: Extent, entry: EntryMeasure): Extent {
  const { count, bytes, evictableBytes } = extentOf(entry);
  return difference(extent, { count: -count, bytes: -bytes, evictableBytes: -evictableBytes });
}

function extentOf({ bytes, expires }: EntryMeasure): Extent {
  return { count: 1, bytes, evictableBytes: expires === null ? 0 : bytes };
}

function difference(one: Extent, other: Extent): Extent {
  return {
    count: one.count - other.count,
    bytes: one.bytes - other.bytes,
    evictableBytes: one.evictableBytes - other.evictableBytes,
  };
}
