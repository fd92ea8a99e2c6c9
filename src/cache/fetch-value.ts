import type { CacheTerms } from "./cache-options.ts";
import type { Claim, SentEntry } from "./cache-shard.ts";
import { decodeValue } from "./decode-value.ts";
import type { CallResult, ShardCalls } from "./shard-calls.ts";
import { entryOf, noRoomError } from "./store-entries.ts";

/** Makes the value that was not there. `undefined`: there is none, and nothing is stored. */
export type Compute<Value> = () => Value | Promise<Value>;

/** What is to be fetched, and how. */
export interface Wanted<Value> {
  readonly key: string;
  readonly terms: CacheTerms;
  readonly compute: Compute<Value>;
}

/** The value of the key: the stored one, or what one of all who ask for it at once has computed. */
export async function fetchValue<Value>(calls: ShardCalls, wanted: Wanted<Value>): Promise<Value> {
  const { compute } = wanted;
  const first = await claim(calls, wanted);
  // Who computes and who waits was in the object's memory. Asked again, the next one has one of those who waited compute.
  const result = !first.isAnswered && wasReset(first.cause) ? await claim(calls, wanted) : first;
  if (!result.isAnswered) return await compute();
  switch (result.answer.kind) {
    case "value": {
      const value = decodeValue(result.answer.value);
      // What is stored under this key is what an earlier computation for it returned.
      return value === undefined ? await renewValue(calls, wanted) : (value as Value);
    }
    case "none":
      // Another's computation has returned it just now, so it is one of its values.
      return undefined as Value;
    case "lease":
      return await computeFor(calls, wanted, result.answer.token);
    case "alone":
      return await compute();
  }
}

function claim<Value>(calls: ShardCalls, { key, terms }: Wanted<Value>): Promise<CallResult<Claim>> {
  const { version, staleMs, timeoutMs } = terms;
  return calls.ofKey({ operation: "fetch", key, waitMs: timeoutMs }, (shard) =>
    shard.claim(key, { version, staleMs, timeoutMs }),
  );
}

/** True when the object has ended while it was asked, as with each deploy: the platform says so. */
function wasReset(cause: unknown): boolean {
  return cause instanceof Error && Reflect.get(cause, "durableObjectReset") === true;
}

/** Computes the value whether there is one or not, and stores it in place of what there was. */
export async function renewValue<Value>(
  calls: ShardCalls,
  { key, terms, compute }: Wanted<Value>,
): Promise<Value> {
  const value = await compute();
  const entry = value === undefined ? undefined : entryOf(key, value, terms);
  const result = await calls.ofKey({ operation: "fetch", key }, async (shard) => {
    if (entry !== undefined) return await shard.write([entry]);
    await shard.remove([key]);
    return undefined;
  });
  if (result.isAnswered && result.answer?.kind === "full") logNoRoom(calls, key, result.answer);
  return value;
}

/** Computes for all who wait. The lease is given back whatever happens: those who wait would wait in vain. */
async function computeFor<Value>(calls: ShardCalls, wanted: Wanted<Value>, token: string): Promise<Value> {
  const { key, terms, compute } = wanted;
  let value: Value;
  let entry: SentEntry | undefined;
  try {
    value = await compute();
    if (value !== undefined) entry = entryOf(key, value, terms);
  } catch (cause) {
    await calls.ofKey({ operation: "fetch", key }, (shard) => shard.release(key, token));
    throw cause;
  }
  const result = await calls.ofKey({ operation: "fetch", key }, (shard) => shard.settle(key, token, entry));
  if (result.isAnswered && result.answer.kind === "full") logNoRoom(calls, key, result.answer);
  return value;
}

/** The page has its value all the same. */
function logNoRoom(calls: ShardCalls, key: string, full: Parameters<typeof noRoomError>[0]): void {
  calls.failed({ operation: "fetch", key, cause: noRoomError(full) });
}
