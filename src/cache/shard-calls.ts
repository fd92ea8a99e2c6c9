import { LIMITS } from "../protocol/limits.ts";
import type { Timer } from "../time/timer.ts";
import { within } from "../time/within.ts";
import { shardOf } from "./cache-key.ts";
import type { CacheShard } from "./cache-shard.ts";

/** One call of the cache that failed, for the log. */
export interface CacheFailure {
  /** What was asked: a method of the cache. */
  readonly operation: string;
  /** Of which key, or which keys' beginning, or the first of several. */
  readonly key: string;
  readonly cause: unknown;
}

/** What a cache runs on. */
export interface CacheSurroundings {
  /** How many objects keep its entries. A key's is found by this number. */
  readonly shards: number;
  /** Throws where there is no cache: that is the application's mistake, and its call's error. */
  readonly shard: (index: number) => CacheShard;
  readonly timer: Timer;
  /** Told once of every call that failed. Never throws. */
  readonly log: (failure: CacheFailure) => void;
}

/** What came of a call: `answer` where there is one. */
export type CallResult<Answer> =
  | { readonly isAnswered: true; readonly answer: Answer }
  | { readonly isAnswered: false; readonly cause: unknown };

/** What a call is about. */
interface CallSubject {
  readonly operation: string;
  readonly key: string;
  /** How long the shard may wait before it answers, in milliseconds. */
  readonly waitMs?: number;
}

/** Calls the objects that keep the entries. Never waits without an end; rejects only where there is no cache. */
export class ShardCalls {
  readonly #surroundings: CacheSurroundings;

  constructor(surroundings: CacheSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Calls the shard that has the key. */
  ofKey<Answer>(
    subject: CallSubject,
    call: (shard: CacheShard) => Promise<Answer>,
  ): Promise<CallResult<Answer>> {
    return this.#call(this.#indexOf(subject.key), subject, call);
  }

  /** Calls the shards of several keys at once, each with its own. Results come in no order that means anything. */
  ofKeys<Answer>(
    operation: string,
    keys: readonly string[],
    call: (shard: CacheShard, keys: readonly string[]) => Promise<Answer>,
  ): Promise<readonly CallResult<Answer>[]> {
    const byShard = new Map<number, string[]>();
    for (const key of keys) {
      const index = this.#indexOf(key);
      const others = byShard.get(index);
      if (others === undefined) byShard.set(index, [key]);
      else others.push(key);
    }
    return Promise.all(
      [...byShard].map(([index, keys]) =>
        this.#call(index, { operation, key: keys[0] ?? "" }, (shard) => call(shard, keys)),
      ),
    );
  }

  /** Calls all shards at once. */
  ofAll<Answer>(
    subject: CallSubject,
    call: (shard: CacheShard) => Promise<Answer>,
  ): Promise<readonly CallResult<Answer>[]> {
    const { shards } = this.#surroundings;
    return Promise.all(Array.from({ length: shards }, (_, index) => this.#call(index, subject, call)));
  }

  /** Tells the log what went wrong without an error of the caller's. */
  failed(failure: CacheFailure): void {
    this.#surroundings.log(failure);
  }

  #indexOf(key: string): number {
    return shardOf(key, this.#surroundings.shards);
  }

  async #call<Answer>(
    index: number,
    { operation, key, waitMs = 0 }: CallSubject,
    call: (shard: CacheShard) => Promise<Answer>,
  ): Promise<CallResult<Answer>> {
    const answerMs = LIMITS.cacheAnswerMs + waitMs;
    const late = () => new Error(`The cache did not answer within ${answerMs} ms`);
    // A new one each time: one that has failed may go on failing.
    const shard = this.#surroundings.shard(index);
    try {
      const answer = await within(call(shard), answerMs, this.#surroundings.timer, late);
      return { isAnswered: true, answer };
    } catch (cause) {
      this.failed({ operation, key, cause });
      return { isAnswered: false, cause };
    }
  }
}
