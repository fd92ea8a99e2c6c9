import { LIMITS } from "../protocol/limits.ts";
import { shown } from "../state/shown.ts";
import { CacheError } from "./cache-error.ts";
import type { CacheTerms } from "./cache-options.ts";
import type { Count, SentEntry, Stored } from "./cache-shard.ts";
import { encodeValue } from "./encode-value.ts";
import { messagesOf } from "./messages.ts";
import type { ShardCalls } from "./shard-calls.ts";

/** An entry ready to be sent. Throws {@link CacheError} for a value that cannot be copied or is too large. */
export function entryOf(key: string, value: unknown, { expiresIn, staleMs, version }: CacheTerms): SentEntry {
  const bytes = encodeValue(key, value);
  const max = LIMITS.cacheValueBytes;
  if (bytes.length > max) {
    const problem = `The value for cache key ${shown(key)} takes ${bytes.length} bytes; expected at most ${max}`;
    throw new CacheError("cache-too-large", key, `${problem}. Keep what is larger in a bucket (R2)`);
  }
  return { key, value: bytes, expiresIn, staleMs, version };
}

/**
 * Stores entries by their keys; those that are `undefined` are deleted.
 *
 * @returns false when a shard did not answer
 *
 * Throws {@link CacheError} `cache-full` for an entry that has no room.
 */
export async function storeEntries(
  calls: ShardCalls,
  entries: ReadonlyMap<string, SentEntry | undefined>,
): Promise<boolean> {
  const results = await calls.ofKeys("write", [...entries.keys()], async (shard, keys) => {
    const deleted = keys.filter((key) => entries.get(key) === undefined);
    if (deleted.length > 0) await shard.remove(deleted);
    for (const message of messagesOf(keys.flatMap((key) => entries.get(key) ?? []))) {
      const stored = await shard.write(message);
      if (stored.kind === "full") return stored;
    }
    return undefined;
  });
  for (const result of results) if (result.isAnswered && result.answer) throw noRoomError(result.answer);
  return results.every(({ isAnswered }) => isAnswered);
}

/** Says of which entry there was no room, how large it is, and what takes the room. */
export function noRoomError(full: Extract<Stored | Count, { kind: "full" }>): CacheError {
  const { key, bytes, permanentBytes, capacityBytes } = full;
  return new CacheError(
    "cache-full",
    key,
    `The cache has no room for ${shown(key)}, which takes ${bytes} bytes: its object holds ${capacityBytes}, of which ` +
      `entries without an expiry take ${permanentBytes}. Give entries an expiry, or createReflex more cache: { bytes }`,
  );
}
