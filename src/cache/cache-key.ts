import { LIMITS } from "../protocol/limits.ts";
import { shown } from "../state/shown.ts";
import { CacheError } from "./cache-error.ts";

/** Half of a character: two keys that differ in one would be the same once stored as UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Throws {@link CacheError} `cache-key` for what cannot name an entry. `key`: whole, namespaces included. */
export function assertKey(key: unknown): asserts key is string {
  const max = LIMITS.cacheKeyChars;
  if (typeof key !== "string" || key === "") throw refusal(key, `must be text of 1 to ${max} characters`);
  if (key.length > max) {
    throw refusal(key, `has ${key.length} characters with its namespaces; expected at most ${max}`);
  }
  if (LONE_SURROGATE.test(key)) throw refusal(key, "contains half a character; expected well-formed text");
}

function refusal(key: unknown, problem: string): CacheError {
  return new CacheError("cache-key", String(key), `The cache key ${shown(key)} ${problem}`);
}

/**
 * Which of the cache's objects has this key: FNV-1a over its UTF-16 units, and MurmurHash3's finisher, which spreads every
 * bit over all. What is stored is found by this, so its results are for ever.
 *
 * @returns 0 to `shards - 1`
 */
export function shardOf(key: string, shards: number): number {
  let bits = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) bits = Math.imul(bits ^ key.charCodeAt(at), 0x01000193);
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) % shards;
}
