import type { NoRoom } from "./entries.ts";

/** An entry as it travels to its shard: its value in bytes, its times in milliseconds from there on. */
export interface SentEntry {
  readonly key: string;
  readonly value: Uint8Array;
  /** `undefined`: never. */
  readonly expiresIn: number | undefined;
  /** For how long after its expiry it may be asked for, as stale. */
  readonly staleMs: number;
  readonly version: string | undefined;
}

/** What whoever wants a value that may have to be computed says of it. */
export interface ClaimTerms {
  readonly version: string | undefined;
  /** For how long after its expiry the value will do while somebody else renews it, in milliseconds. */
  readonly staleMs: number;
  /** How long the right to compute lasts, and how long to wait for what others compute, in milliseconds. */
  readonly timeoutMs: number;
}

/** What whoever wants a value gets. */
export type Claim =
  | { readonly kind: "value"; readonly value: Uint8Array }
  /** Somebody else has computed it just now, and there is none. */
  | { readonly kind: "none" }
  /** The right to compute it, for the others too. Must be given back by `settle` or `release`. */
  | { readonly kind: "lease"; readonly token: string }
  /** Waited for long enough, or too many wait: to be computed, and not stored. */
  | { readonly kind: "alone" };

/** How storing ended. */
export type Stored =
  | { readonly kind: "stored" }
  /** Whoever computed it has taken longer than its lease, or the entry was written or deleted meanwhile. */
  | { readonly kind: "late" }
  /** Nothing was stored. `key`: the first that found no room; those before it are stored. */
  | ({ readonly kind: "full"; readonly key: string } & NoRoom);

/** How counting ended. */
export type Count =
  | { readonly kind: "count"; readonly value: number }
  | Extract<Stored, { kind: "full" }>
  /** What is there is no whole number, or the result would not be exact. Nothing has changed. `found` says what was met. */
  | { readonly kind: "no-number"; readonly found: string };

/** What is read of some keys. */
export interface Reading {
  /** Of the first keys, in their order: as many as fit one message, at least one. */
  readonly values: readonly (Uint8Array | undefined)[];
}

/**
 * One of the objects that keep the cache's entries, as its callers see it: over the network. Rejects when it cannot be
 * reached, and with what its storage throws.
 */
export interface CacheShard {
  read(keys: readonly string[], version: string | undefined): Promise<Reading>;
  has(key: string, version: string | undefined): Promise<boolean>;
  /** Waits, when somebody else computes the value already. */
  claim(key: string, terms: ClaimTerms): Promise<Claim>;
  /** Hands over what was computed by a lease: an entry, or that there is none. */
  settle(key: string, token: string, entry: SentEntry | undefined): Promise<Stored>;
  /** Gives a lease back unused. */
  release(key: string, token: string): Promise<void>;
  write(entries: readonly SentEntry[]): Promise<Stored>;
  /** How many of them there were. */
  remove(keys: readonly string[]): Promise<number>;
  /** How many there were whose keys begin so; all with the empty prefix. */
  removeMatched(prefix: string): Promise<number>;
  increment(key: string, by: number, expiresIn: number | undefined): Promise<Count>;
}
