import { LIMITS } from "../protocol/limits.ts";
import type { CacheShard, SentEntry } from "./cache-shard.ts";

/** Entries in portions that one message can carry, in their order. */
export function* messagesOf(entries: readonly SentEntry[]): Generator<readonly SentEntry[]> {
  let message: SentEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const isFull = message.length === LIMITS.cacheMessageKeys;
    if (isFull || bytes + entry.value.length > LIMITS.cacheMessageBytes) {
      yield message;
      message = [];
      bytes = 0;
    }
    message.push(entry);
    bytes += entry.value.length;
  }
  if (message.length > 0) yield message;
}

/** The bytes of those of the keys that one shard has, asked for in as many messages as it takes. */
export async function readAll(
  shard: CacheShard,
  keys: readonly string[],
  version: string | undefined,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (let at = 0; at < keys.length; ) {
    const asked = keys.slice(at, at + LIMITS.cacheMessageKeys);
    const { values } = await shard.read(asked, version);
    if (values.length === 0)
      throw new Error("A cache object answered none of the keys that it was asked for");
    for (const [index, value] of values.entries()) {
      const key = asked[index];
      if (key !== undefined && value !== undefined) found.set(key, value);
    }
    at += values.length;
  }
  return found;
}
