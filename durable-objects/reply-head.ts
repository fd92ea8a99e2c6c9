import type { ReplyHead, SpecialOutcome, Update } from "../src/protocol/messages.ts";
import { isForBrowser } from "./update-kinds.ts";

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

/** How many items of a refusal say what it is; behind them is its payload. */
const REFUSAL_ITEMS = 5;

/**
 * The least that has to be kept of an answer: how its call ended, and what its browser is to fetch or where it is to go. `undefined` when
 * that is nothing.
 *
 * @param text what is kept of it
 */
export function leastKept(text: string): string | undefined {
  const [kind, ...items]: unknown[] = JSON.parse(text);
  if (kind === "e") return JSON.stringify([kind, ...items].slice(0, REFUSAL_ITEMS));
  const { said, updates } = splitKept(items);
  const least = [...headItems({ outcome: said.outcome }, true), ...updates.filter(isForBrowser)];
  return least.length === 0 ? undefined : JSON.stringify([kind, ...least]);
}
