import type { ReplyHead, SpecialOutcome, Update } from "../src/protocol/messages.ts";

/** What a turn says to its caller besides the updates. */
interface Said {
  readonly outcome?: SpecialOutcome | undefined;
  readonly payload?: unknown;
}

/** The items of a reply behind the number and before its updates: none, an outcome, or an outcome with a payload. */
export function headItems(
  { outcome, payload }: Said,
  takesPayloads: boolean,
): readonly [] | readonly [SpecialOutcome | ReplyHead] {
  if (takesPayloads && payload !== undefined)
    return [outcome === undefined ? { payload } : { outcome, payload }];
  return outcome === undefined ? [] : [outcome];
}

/**
 * Takes apart what is kept of a reply behind its number.
 *
 * @param items what {@link headItems} wrote for a client that takes payloads, and updates
 */
export function splitKept(items: readonly unknown[]): { readonly said: Said; readonly updates: Update[] } {
  const [first, ...others] = items;
  // Only this code writes what is kept: an update is a list, and what is no list says how the call ended.
  if (first === undefined || Array.isArray(first)) return { said: {}, updates: items as Update[] };
  const said = typeof first === "string" ? { outcome: first as SpecialOutcome } : (first as ReplyHead);
  return { said, updates: others as Update[] };
}
