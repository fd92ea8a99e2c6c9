import { LIMITS } from "../protocol/limits.ts";
import type { CacheShard, Claim, ClaimTerms, Count, Reading, SentEntry, Stored } from "./cache-shard.ts";
import { decodeValue } from "./decode-value.ts";
import { encodeValue } from "./encode-value.ts";
import type { Entries, EntryDraft } from "./entries.ts";
import type { Flights } from "./flights.ts";

const STORED: Stored = { kind: "stored" };

/** Does what one cache object is asked for. Its callers are the application's own Workers and objects. */
export class Shard implements Awaitable<CacheShard> {
  readonly #entries: Entries;
  readonly #flights: Flights;
  readonly #now: () => number;

  constructor(entries: Entries, flights: Flights, now: () => number) {
    this.#entries = entries;
    this.#flights = flights;
    this.#now = now;
  }

  read(keys: readonly string[], version: string | undefined): Reading {
    const values: (Uint8Array | undefined)[] = [];
    let bytes = 0;
    for (const key of keys) {
      const value = this.#valueOf(key, version);
      bytes += value?.length ?? 0;
      if (bytes > LIMITS.cacheMessageBytes) break;
      values.push(value);
    }
    return { values };
  }

  has(key: string, version: string | undefined): boolean {
    return this.#valueOf(key, version) !== undefined;
  }

  claim(key: string, terms: ClaimTerms): Claim | Promise<Claim> {
    const found = this.#entries.find(key, terms);
    const isEnough = found.kind === "fresh" || (found.kind === "stale" && this.#flights.has(key));
    if (isEnough) return { kind: "value", value: found.entry.value };
    return this.#flights.join(key, terms);
  }

  settle(key: string, token: string, entry: SentEntry | undefined): Stored {
    if (!this.#flights.isCurrent(key, token)) return { kind: "late" };
    if (entry !== undefined) return this.#write(entry);
    this.#flights.land(key, { value: undefined, version: undefined });
    return STORED;
  }

  release(key: string, token: string): void {
    this.#flights.release(key, token);
  }

  write(entries: readonly SentEntry[]): Stored {
    for (const entry of entries) {
      const stored = this.#write(entry);
      if (stored.kind !== "stored") return stored;
    }
    return STORED;
  }

  remove(keys: readonly string[]): number {
    let count = 0;
    for (const key of keys) {
      if (this.#entries.remove(key)) count += 1;
      this.#flights.handOver(key);
    }
    return count;
  }

  removeMatched(prefix: string): number {
    const count = this.#entries.removeMatched(prefix);
    this.#flights.handOverMatched(prefix);
    return count;
  }

  increment(key: string, by: number, expiresIn: number | undefined): Count {
    const found = this.#entries.find(key);
    const entry = found.kind === "fresh" ? found.entry : undefined;
    const value = entry === undefined ? 0 : decodeValue(entry.value);
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
      return { kind: "no-number", found: nameOf(value) };
    }
    const count = value + by;
    if (!Number.isSafeInteger(count)) return { kind: "no-number", found: `${count} as the result` };
    const expires = expiresIn === undefined ? null : this.#now() + expiresIn;
    const { kept, version, ...terms } = entry ?? { expires, kept: expires, version: null };
    const draft = { value: encodeValue(key, count), expires: terms.expires, kept, version };
    const noRoom = this.#entries.put(key, draft);
    if (noRoom !== undefined) return { kind: "full", key, ...noRoom };
    this.#land(key, draft);
    return { kind: "count", value: count };
  }

  #valueOf(key: string, version: string | undefined): Uint8Array | undefined {
    const found = this.#entries.find(key, { version });
    return found.kind === "fresh" ? found.entry.value : undefined;
  }

  #write({ key, value, expiresIn, staleMs, version }: SentEntry): Stored {
    const expires = expiresIn === undefined ? null : this.#now() + expiresIn;
    const kept = expires === null ? null : expires + staleMs;
    const draft = { value, expires, kept, version: version ?? null };
    const noRoom = this.#entries.put(key, draft);
    // Those who wait for the value get it also where there is no room for it.
    this.#land(key, draft);
    return noRoom === undefined ? STORED : { kind: "full", key, ...noRoom };
  }

  #land(key: string, { value, version }: EntryDraft): void {
    this.#flights.land(key, { value, version: version ?? undefined });
  }
}

/** The same methods, which need not wait. */
type Awaitable<Methods> = {
  [Name in keyof Methods]: Methods[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Result | Promise<Result>
    : never;
};

function nameOf(value: unknown): string {
  return typeof value === "number" ? `the number ${value}` : `a value of type ${typeof value}`;
}
