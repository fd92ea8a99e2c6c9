import { Cache } from "../../src/cache/cache.ts";
import type { CacheShard } from "../../src/cache/cache-shard.ts";
import { Entries } from "../../src/cache/entries.ts";
import { Flights } from "../../src/cache/flights.ts";
import { Recency } from "../../src/cache/recency.ts";
import { Shard } from "../../src/cache/shard.ts";
import { type CacheFailure, ShardCalls } from "../../src/cache/shard-calls.ts";
import { MemoryEntryStore } from "./memory-entry-store.ts";
import { VirtualTime } from "./virtual-time.ts";

type Method = keyof CacheShard;

/** A cache whose objects are in memory, on a clock that a test moves, behind a line that a test cuts. */
export class MemoryCache {
  readonly time = new VirtualTime();
  readonly stores: readonly MemoryEntryStore[];
  readonly cache: Cache;
  /** Every call that a shard got, in order. */
  readonly calls: Method[] = [];
  readonly failures: CacheFailure[] = [];
  /** Timers of callers and shards that are running. */
  readonly timers = new Set<object>();
  /** What becomes of calls: `undefined`, as they should. */
  trouble: "unreachable" | "throws" | "silent" | "missing" | undefined;
  readonly #shards: readonly CacheShard[];
  #tokens = 0;

  constructor({ shards = 4, capacityBytes = 10_000 } = {}) {
    this.stores = Array.from({ length: shards }, () => new MemoryEntryStore());
    this.#shards = this.stores.map((store) => this.#overTheLine(this.#shardOver(store, capacityBytes)));
    this.cache = new Cache(this.#calls(shards));
  }

  /** Rows that all shards together have written. */
  get rowsWritten(): number {
    return this.stores.reduce((sum, store) => sum + store.rowsWritten, 0);
  }

  /** Lets everything happen that can without time passing. */
  async settle(): Promise<void> {
    for (let step = 0; step < 100; step += 1) await undefined;
  }

  #calls(shards: number): ShardCalls {
    return new ShardCalls({
      shards,
      shard: (index) => {
        if (this.trouble === "missing") throw new Error("There is no cache");
        const shard = this.#shards[index];
        if (shard === undefined) throw new RangeError(`There is no shard ${index}`);
        return shard;
      },
      timer: this.#timer,
      log: (failure) => this.failures.push(failure),
    });
  }

  #shardOver(store: MemoryEntryStore, capacityBytes: number): Shard {
    const now = () => this.time.now;
    const entries = new Entries(store, new Recency(store), { capacityBytes, now });
    const flights = new Flights(this.#timer, () => {
      this.#tokens += 1;
      return `token ${this.#tokens}`;
    });
    return new Shard(entries, flights, now);
  }

  /** As a stub does: calls take a moment, copy what they are given, and may go wrong. */
  #overTheLine(shard: Shard): CacheShard {
    const methods: Method[] = [
      "read",
      "has",
      "claim",
      "settle",
      "release",
      "write",
      "remove",
      "removeMatched",
      "increment",
    ];
    const call = async (method: Method, args: readonly unknown[]) => {
      if (this.trouble === "unreachable") throw new Error("The network is gone");
      this.calls.push(method);
      await undefined;
      if (this.trouble === "throws") throw new Error("The object broke");
      if (this.trouble === "silent") await new Promise(() => {});
      const run = shard[method] as (...args: unknown[]) => unknown;
      return structuredClone(await run.apply(shard, [...structuredClone(args)]));
    };
    const entries = methods.map((method) => [method, (...args: unknown[]) => call(method, args)]);
    return Object.fromEntries(entries) as CacheShard;
  }

  readonly #timer = (milliseconds: number, expired: () => void) => {
    const timer = {};
    this.timers.add(timer);
    const cancel = this.time.later(milliseconds, () => {
      this.timers.delete(timer);
      expired();
    });
    return () => {
      this.timers.delete(timer);
      cancel();
    };
  };
}
