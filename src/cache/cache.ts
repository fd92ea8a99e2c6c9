import { shown } from "../state/shown.ts";
import { CacheError } from "./cache-error.ts";
import { assertKey } from "./cache-key.ts";
import {
  assertStep,
  type CacheFetchOptions,
  type CacheVersion,
  type CacheWriteOptions,
  termsOf,
} from "./cache-options.ts";
import { decodeValue } from "./decode-value.ts";
import { type Compute, fetchValue, renewValue } from "./fetch-value.ts";
import { readAll } from "./messages.ts";
import type { ShardCalls } from "./shard-calls.ts";
import { entryOf, noRoomError, storeEntries } from "./store-entries.ts";

/** Entries as `writeMulti` takes them: an object, a `Map`, or pairs. */
export type CacheEntries =
  | Readonly<Record<string, unknown>>
  | Iterable<readonly [key: string, value: unknown]>;

/**
 * What all visitors' sessions share, until it expires or has to make room: the methods of `Rails.cache`. Times are
 * milliseconds. Values are what structured clone can copy, and are copied both ways; `undefined` is no value, `null` is one.
 *
 * What it does, it does at once: it is no part of the reflex or page that asks for it, and stays done when that fails.
 *
 * A cache that does not answer fails no page: `fetch` computes, reading finds nothing, writing and deleting say `false`, and
 * the log is told. Only counting throws then, since a count cannot be made up. Wrong use throws a {@link CacheError} always:
 * keys and options out of range, values that cannot be copied or are too large; `write`, a value for which there is no room.
 *
 * @example
 * const rate = await this.cache.fetch("rates:EUR", { expiresIn: 60_000 }, () => loadRate("EUR"));
 */
export class Cache {
  readonly #calls: ShardCalls;
  readonly #prefix: string;

  /** @param prefix what all keys begin with, as `namespace` makes it */
  constructor(calls: ShardCalls, prefix = "") {
    this.#calls = calls;
    this.#prefix = prefix;
  }

  /** The same cache under longer keys: `cache.namespace("a").read("b")` is `cache.read("a:b")`. */
  namespace(name: string): Cache {
    this.#name(name);
    return new Cache(this.#calls, `${this.#prefix}${name}:`);
  }

  /**
   * The value, computed and stored when there is none. Of all who ask at once, in all sessions, one computes, and the others
   * wait for what it returns. When it throws, its caller gets the error, and the next in line computes; so too when it takes
   * longer than `timeout`, and then its own caller gets its value, which is not stored. Neither is a value when the entry was
   * written or deleted while it was being computed.
   *
   * Rejects with what `compute` throws, and with {@link CacheError} for wrong use.
   */
  fetch<Value>(key: string, compute: Compute<Value>): Promise<Value>;
  fetch<Value>(key: string, options: CacheFetchOptions, compute: Compute<Value>): Promise<Value>;
  async fetch<Value>(
    key: string,
    ...given: [Compute<Value>] | [CacheFetchOptions, Compute<Value>]
  ): Promise<Value> {
    const [options, compute] = given.length === 1 ? [{}, given[0]] : given;
    const name = this.#name(key);
    const wanted = { key: name, terms: termsOf(name, options), compute };
    return await (options.force === true ? renewValue : fetchValue)(this.#calls, wanted);
  }

  /** The values of all the keys; `compute` is told for which it is called. What is missing is fetched as `fetch` does, all at once. */
  async fetchMulti<Value>(
    keys: readonly string[],
    options: CacheFetchOptions,
    compute: (key: string) => Value | Promise<Value>,
  ): Promise<Map<string, Value>> {
    const found =
      options.force === true ? new Map<string, Value>() : await this.#read<Value>("fetch", keys, options);
    const missing = [...new Set(keys)].filter((key) => !found.has(key));
    const fetch = async (key: string) => [key, await this.fetch(key, options, () => compute(key))] as const;
    const fetched = new Map(await Promise.all(missing.map(fetch)));
    // In the order of the keys; one of both has each.
    return new Map(keys.map((key) => [key, (found.has(key) ? found : fetched).get(key) as Value]));
  }

  /** The value, or `undefined` when there is none. */
  async read<Value = unknown>(
    key: string,
    options: { readonly version?: CacheVersion | undefined } = {},
  ): Promise<Value | undefined> {
    return (await this.#read<Value>("read", [key], options)).get(key);
  }

  /** The values of those of the keys that there are, by key. */
  async readMulti<Value = unknown>(...keys: readonly string[]): Promise<Map<string, Value>> {
    return await this.#read<Value>("read", keys, {});
  }

  /** Whether there is an entry. As every look at one, it counts as its use. */
  async exist(key: string, options: { readonly version?: CacheVersion | undefined } = {}): Promise<boolean> {
    const name = this.#name(key);
    const { version } = termsOf(name, options);
    const result = await this.#calls.ofKey({ operation: "exist", key: name }, (shard) =>
      shard.has(name, version),
    );
    return result.isAnswered && result.answer;
  }

  /** Stores a value in place of what there is; `undefined` deletes. False when the cache did not answer. */
  async write(key: string, value: unknown, options: CacheWriteOptions = {}): Promise<boolean> {
    return await this.writeMulti([[key, value]], options);
  }

  /**
   * Stores several values, each as `write` does. All keys and values are looked at before any is stored. When one has no room
   * it throws, and others may have been stored.
   */
  async writeMulti(entries: CacheEntries, options: CacheWriteOptions = {}): Promise<boolean> {
    const pairs = isIterable(entries) ? [...entries] : Object.entries(entries);
    const named = pairs.map(([key, value]) => {
      const name = this.#name(key);
      const terms = termsOf(name, options);
      return [name, value === undefined ? undefined : entryOf(name, value, terms)] as const;
    });
    return await storeEntries(this.#calls, new Map(named));
  }

  /** Removes an entry. True when there was one. What is being computed for it is not stored. */
  async delete(key: string): Promise<boolean> {
    const name = this.#name(key);
    const result = await this.#calls.ofKey({ operation: "delete", key: name }, (shard) =>
      shard.remove([name]),
    );
    return result.isAnswered && result.answer > 0;
  }

  /**
   * Removes every entry whose key begins so, and says how many those were, as far as the cache answered. Asks all of its
   * objects. Throws {@link CacheError} for an empty beginning: that is `clear`.
   */
  async deleteMatched(prefix: string): Promise<number> {
    const results = await this.#removeMatched("deleteMatched", this.#name(prefix));
    return results.reduce((sum, result) => sum + (result.isAnswered ? result.answer : 0), 0);
  }

  /** Removes every entry; in a namespace, every one of it. False when not all of the cache answered. */
  async clear(): Promise<boolean> {
    const results = await this.#removeMatched("clear", this.#prefix);
    return results.every(({ isAnswered }) => isAnswered);
  }

  /**
   * Adds to a whole number, and returns what it is then: exact, however many do so at once. A key without a value counts from 0,
   * and then expires as the options say; one with a value keeps its expiry.
   *
   * Throws {@link CacheError}: `cache-number` where there is something else or the result would not be exact,
   * `cache-unreachable` when the cache did not answer, and then it may have counted or not.
   */
  async increment(
    key: string,
    by = 1,
    options: { readonly expiresIn?: number | undefined } = {},
  ): Promise<number> {
    const name = this.#name(key);
    assertStep(name, by);
    const { expiresIn } = termsOf(name, options);
    const result = await this.#calls.ofKey({ operation: "increment", key: name }, (shard) =>
      shard.increment(name, by, expiresIn),
    );
    if (!result.isAnswered) {
      const problem = `The cache did not answer, so ${shown(name)} may have been counted or not`;
      throw new CacheError("cache-unreachable", name, problem, { cause: result.cause });
    }
    const count = result.answer;
    if (count.kind === "count") return count.value;
    if (count.kind === "full") throw noRoomError(count);
    const problem = `Cache ${shown(name)} cannot be counted by ${by}: there is ${count.found}; expected a whole number`;
    throw new CacheError("cache-number", name, `${problem} of at most 2^53 - 1`);
  }

  /** As `increment`, the other way. May go below zero. */
  async decrement(
    key: string,
    by = 1,
    options: { readonly expiresIn?: number | undefined } = {},
  ): Promise<number> {
    assertStep(this.#name(key), by);
    return await this.increment(key, -by, options);
  }

  async #read<Value>(
    operation: string,
    keys: readonly string[],
    options: { readonly version?: CacheVersion | undefined },
  ): Promise<Map<string, Value>> {
    const names = new Map(keys.map((key) => [this.#name(key), key]));
    const [first = ""] = names.keys();
    const { version } = termsOf(first, { version: options.version });
    const results = await this.#calls.ofKeys(operation, [...names.keys()], (shard, names) =>
      readAll(shard, names, version),
    );
    const found = new Map<string, Value>();
    for (const [name, bytes] of results.flatMap((result) => (result.isAnswered ? [...result.answer] : []))) {
      const value = decodeValue(bytes);
      // What is stored under a key is of the type that the application stores there.
      if (value !== undefined) found.set(names.get(name) ?? name, value as Value);
    }
    return new Map(keys.flatMap((key) => (found.has(key) ? [[key, found.get(key) as Value]] : [])));
  }

  #removeMatched(operation: string, prefix: string) {
    return this.#calls.ofAll({ operation, key: prefix }, (shard) => shard.removeMatched(prefix));
  }

  /** The key with its namespaces. */
  #name(key: string): string {
    // Looked at by itself first: with its namespaces, an empty one would not be.
    assertKey(key);
    assertKey(this.#prefix + key);
    return this.#prefix + key;
  }
}

function isIterable(entries: CacheEntries): entries is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in entries;
}
