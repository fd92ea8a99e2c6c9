import { Cache } from "../cache/cache.ts";
import type { CacheShard } from "../cache/cache-shard.ts";
import { type CacheFailure, ShardCalls } from "../cache/shard-calls.ts";
import { LIMITS } from "../protocol/limits.ts";
import { startTimer } from "../time/start-timer.ts";
import { CACHE_CLASS, type ClassContext, namespaceOf } from "./object-classes.ts";

/** How an application's cache is laid out. */
export interface CacheOptions {
  /**
   * How many objects keep the entries, 1 to 256. A key's object follows from this number: with another, what is stored is not
   * found any more. Default: 8.
   */
  readonly shards?: number;
  /** How many bytes of keys and values each of them holds. Default: 64 MiB. */
  readonly bytes?: number;
}

/** Makes caches for whoever runs in the Worker, all of the same objects. */
export class CacheSource {
  /** What one cache object holds, in bytes. */
  readonly capacityBytes: number;
  readonly #shards: number;
  readonly #log: (failure: CacheFailure) => void;

  /**
   * @param log told of every call that failed. Never throws
   *
   * Throws a `RangeError` for numbers out of their range.
   */
  constructor({ shards = 8, bytes = 64 * 1024 * 1024 }: CacheOptions, log: (failure: CacheFailure) => void) {
    assertCount("cache.shards", shards, LIMITS.cacheShards);
    assertCount("cache.bytes", bytes, LIMITS.cacheShardBytes);
    this.capacityBytes = bytes;
    this.#shards = shards;
    this.#log = log;
  }

  /**
   * A cache for the code that was handed this context. That the Worker does not export the class is an error of the first call,
   * so that an application which uses no cache needs none.
   */
  cacheFor(ctx: ClassContext): Cache {
    const calls = new ShardCalls({
      shards: this.#shards,
      shard: (index) => shardOf(ctx, index),
      timer: startTimer,
      log: this.#log,
    });
    return new Cache(calls);
  }
}

/** Throws where the Worker does not export the class. */
function shardOf(ctx: ClassContext, index: number): CacheShard {
  // What the application exports under this name is a class of `createReflex`, whose objects are shards.
  return namespaceOf(ctx, CACHE_CLASS).getByName(`cache:${index}`) as unknown as CacheShard;
}

function assertCount(name: string, given: unknown, max: number): void {
  if (Number.isSafeInteger(given) && Number(given) >= 1 && Number(given) <= max) return;
  throw new RangeError(
    `createReflex was given ${name}: ${String(given)}; expected a whole number from 1 to ${max}`,
  );
}
