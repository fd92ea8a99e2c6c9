import { LIMITS } from "../protocol/limits.ts";
import type { EntryStore, Evictable } from "./entry-store.ts";

/** How much a recency keeps in memory. */
export interface RecencyBounds {
  /** Of so many entries it is remembered when they were read; of more, the half that was read longest ago is forgotten. */
  readonly maxReads: number;
  /** So many entries are looked up at a time to be evicted. Each look reads all that are stored. */
  readonly maxCandidates: number;
}

const BOUNDS: RecencyBounds = { maxReads: LIMITS.cacheRecentReads, maxCandidates: 1_024 };

/**
 * The order in which entries were last used: by their stored ticks when they were written, and in memory by when they were
 * read since, so that reading writes nothing.
 *
 * Two queues, both oldest first: *reads*, and *candidates*, stored entries that nobody has read. The one to evict is the older
 * of their first. Candidates are fetched many at a time; all that is stored and not fetched has a tick after `#fetched`, so
 * that fetched ones stay the oldest whatever is written meanwhile. A fetched one that was read, written or removed since is
 * left out when its turn comes.
 *
 *     stored ticks   1 2 3 | 4 5 6 7        reads   2→8, 5→9
 *                    candidates: 1 3        evicted in this order: 1 3 4 6 7 2 5
 */
export class Recency {
  readonly #store: EntryStore;
  readonly #bounds: RecencyBounds;
  /** The tick of the last use, as far as it is known: counted from the store's last when that has been read. */
  #uses = 0;
  #lastStored: number | undefined;
  /** By key: the number of the use, oldest first. */
  readonly #reads = new Map<string, number>();
  /** Oldest last. */
  #candidates: Evictable[] = [];
  #fetched = 0;

  constructor(store: EntryStore, bounds: RecencyBounds = BOUNDS) {
    this.#store = store;
    this.#bounds = bounds;
  }

  /** Says what the greatest stored tick is: before the first `written` and `oldestFirst`. Later ones change nothing. */
  start(lastTick: number): void {
    this.#lastStored ??= lastTick;
  }

  /** An entry with an expiry was read. */
  read(key: string): void {
    this.#uses += 1;
    this.#reads.delete(key);
    this.#reads.set(key, this.#uses);
    if (this.#reads.size > this.#bounds.maxReads) this.#forgetHalf();
  }

  /** The tick for an entry that is stored; its reads before do not count any more. */
  written(key: string): number {
    this.#reads.delete(key);
    this.#uses += 1;
    return this.#tick(this.#uses);
  }

  /** An entry is no more. */
  removed(key: string): void {
    this.#reads.delete(key);
  }

  removedMatched(prefix: string): void {
    for (const key of this.#reads.keys()) if (key.startsWith(prefix)) this.#reads.delete(key);
  }

  /**
   * The entries with an expiry, least recently used first. The caller evicts each that it takes, or calls `reset`.
   *
   * @param except is not among them
   */
  *oldestFirst(except: string): Generator<Evictable> {
    for (;;) {
      const candidate = this.#firstCandidate(except);
      const read = this.#firstRead(except);
      if (candidate !== undefined && !(read !== undefined && read.tick < candidate.tick)) {
        this.#candidates.pop();
        yield candidate;
      } else if (read !== undefined) {
        this.#reads.delete(read.key);
        const stored = this.#store.measure(read.key);
        if (stored !== undefined) yield { ...stored, key: read.key };
      } else return;
    }
  }

  /** What was taken is still stored: looks for the oldest from the beginning. */
  reset(): void {
    this.#candidates = [];
    this.#fetched = 0;
  }

  #firstCandidate(except: string): Evictable | undefined {
    for (;;) {
      const first = this.#candidates.at(-1);
      if (first === undefined) {
        if (!this.#fetch(except)) return undefined;
      } else if (first.key !== except && this.#isUnread(first)) {
        return first;
      } else {
        this.#candidates.pop();
      }
    }
  }

  /** False when there is nothing to fetch that could be older than the oldest read. */
  #fetch(except: string): boolean {
    const now = this.#tick(this.#uses);
    const firstRead = this.#firstRead(except)?.tick ?? now;
    if (this.#fetched >= Math.min(now, firstRead)) return false;
    const { maxCandidates } = this.#bounds;
    const found = this.#store.leastRecent(this.#fetched, maxCandidates);
    this.#fetched = found.length < maxCandidates ? now : (found.at(-1)?.tick ?? now);
    this.#candidates = found.toReversed();
    return found.length > 0;
  }

  #isUnread({ key, tick }: Evictable): boolean {
    if (this.#reads.has(key)) return false;
    const stored = this.#store.measure(key);
    return stored?.tick === tick && stored.expires !== null;
  }

  #firstRead(except: string): { readonly key: string; readonly tick: number } | undefined {
    for (const [key, use] of this.#reads) if (key !== except) return { key, tick: this.#tick(use) };
    return undefined;
  }

  #tick(use: number): number {
    return (this.#lastStored ?? 0) + use;
  }

  /** Those read longest ago fall back to when they were written, where the fetched ones may have left them out. */
  #forgetHalf(): void {
    let left = Math.ceil(this.#reads.size / 2);
    for (const key of this.#reads.keys()) {
      if (left === 0) break;
      this.#reads.delete(key);
      left -= 1;
    }
    this.reset();
  }
}
