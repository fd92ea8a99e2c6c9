import type {
  EntryMeasure,
  EntryStore,
  Evictable,
  Extent,
  StoredEntry,
  Totals,
} from "../../src/cache/entry-store.ts";

/** The entries of a cache object in memory, and what was asked of them. */
export class MemoryEntryStore implements EntryStore {
  readonly entries = new Map<string, StoredEntry>();
  /** Entries stored and removed. */
  rowsWritten = 0;
  /** How often all entries were read. */
  scans = 0;
  /** Every time that this was asked to wake its owner at. */
  readonly wakings: number[] = [];
  /** Thrown by the next `put`. */
  failure: Error | undefined;

  find(key: string): StoredEntry | undefined {
    return this.entries.get(key);
  }

  measure(key: string): EntryMeasure | undefined {
    return this.entries.get(key);
  }

  totals(): Totals {
    this.scans += 1;
    const all = [...this.entries.values()];
    const kept = all.flatMap((entry) => (entry.kept === null ? [] : [entry.kept]));
    return {
      ...extentOf(all),
      lastTick: Math.max(0, ...all.map(({ tick }) => tick)),
      firstKept: kept.length === 0 ? null : Math.min(...kept),
    };
  }

  leastRecent(afterTick: number, limit: number): readonly Evictable[] {
    this.scans += 1;
    return [...this.entries]
      .map(([key, entry]) => ({ key, ...entry }))
      .filter(({ tick, expires }) => tick > afterTick && expires !== null)
      .sort((one, other) => one.tick - other.tick)
      .slice(0, limit);
  }

  put(key: string, entry: StoredEntry, evicted: readonly string[]): void {
    if (this.failure !== undefined) throw this.failure;
    for (const one of evicted) this.remove(one);
    this.entries.set(key, entry);
    this.rowsWritten += 1;
  }

  remove(key: string): void {
    this.entries.delete(key);
    this.rowsWritten += 1;
  }

  removeMatched(prefix: string): Extent {
    return this.#removeWhere((key) => key.startsWith(prefix));
  }

  removeKeptUntil(now: number): Extent {
    return this.#removeWhere((_, { kept }) => kept !== null && kept <= now);
  }

  wakeAt(milliseconds: number): void {
    this.wakings.push(milliseconds);
  }

  #removeWhere(holds: (key: string, entry: StoredEntry) => boolean): Extent {
    const removed = [...this.entries].filter(([key, entry]) => holds(key, entry));
    for (const [key] of removed) this.remove(key);
    return extentOf(removed.map(([, entry]) => entry));
  }
}

function extentOf(entries: readonly StoredEntry[]): Extent {
  const sum = (some: readonly StoredEntry[]) => some.reduce((total, { bytes }) => total + bytes, 0);
  const evictable = entries.filter(({ expires }) => expires !== null);
  return { count: entries.length, bytes: sum(entries), evictableBytes: sum(evictable) };
}
