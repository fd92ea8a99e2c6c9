import { DurableObject } from "cloudflare:workers";
import type {
  CacheShard,
  Claim,
  ClaimTerms,
  Count,
  Reading,
  SentEntry,
  Stored,
} from "../src/cache/cache-shard.ts";
import { Entries } from "../src/cache/entries.ts";
import { Flights } from "../src/cache/flights.ts";
import { Recency } from "../src/cache/recency.ts";
import { Shard } from "../src/cache/shard.ts";
import { startTimer } from "../src/time/start-timer.ts";
import { CacheStore } from "./cache-store.ts";

/**
 * Keeps a part of the cache's entries: those whose keys fall to it. Its methods are called by `Cache`, in other objects and in
 * Workers; each does its work without waiting, but for `claim`. While somebody computes, timers keep it awake.
 */
export class CacheObject<Env = unknown> extends DurableObject<Env> implements CacheShard {
  readonly #entries: Entries;
  readonly #shard: Shard;

  /** @param capacityBytes what keys and values may take together */
  constructor(ctx: DurableObjectState, env: Env, capacityBytes: number) {
    super(ctx, env);
    const store = new CacheStore(ctx.storage);
    this.#entries = new Entries(store, new Recency(store), { capacityBytes, now: Date.now });
    const flights = new Flights(startTimer, () => crypto.randomUUID());
    this.#shard = new Shard(this.#entries, flights, Date.now);
  }

  async read(keys: readonly string[], version: string | undefined): Promise<Reading> {
    return this.#shard.read(keys, version);
  }

  async has(key: string, version: string | undefined): Promise<boolean> {
    return this.#shard.has(key, version);
  }

  async claim(key: string, terms: ClaimTerms): Promise<Claim> {
    return await this.#shard.claim(key, terms);
  }

  async settle(key: string, token: string, entry: SentEntry | undefined): Promise<Stored> {
    return this.#shard.settle(key, token, entry);
  }

  async release(key: string, token: string): Promise<void> {
    this.#shard.release(key, token);
  }

  async write(entries: readonly SentEntry[]): Promise<Stored> {
    return this.#shard.write(entries);
  }

  async remove(keys: readonly string[]): Promise<number> {
    return this.#shard.remove(keys);
  }

  async removeMatched(prefix: string): Promise<number> {
    return this.#shard.removeMatched(prefix);
  }

  async increment(key: string, by: number, expiresIn: number | undefined): Promise<Count> {
    return this.#shard.increment(key, by, expiresIn);
  }

  /** Deletes what has expired. */
  override alarm(): void {
    this.#entries.sweep();
  }
}
