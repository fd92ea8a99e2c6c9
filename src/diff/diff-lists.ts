import { longestIncreasing } from "../protocol/increasing.ts";
import { type Edit, LIST_EDIT, type Place, type Placement } from "../protocol/patch.ts";
import { encodeKey, isFragment, itemAddress } from "../render/render.ts";
import { type KeyedEntry, KeyedList, type View } from "../render/view.ts";
import type { WireWriter } from "../render/wire.ts";
import type { Digest } from "./digest.ts";

/** Who a list tells of what it finds. */
export interface ListListener {
  /** A change of the list at that address. */
  edit(address: string, edit: Edit): void;
  /** An item that both lists have; its own changes are the listener's to find. */
  fragment(before: View, after: View, address: string): void;
  /** Writes the new items. */
  readonly writer: WireWriter;
  /** Brought along with what the edits change. */
  readonly digest: Digest;
}

/** True for a list whose items the browser can find by their addresses, and that has at least one to find it by. */
export function isPatchable(value: unknown): value is KeyedList {
  if (!(value instanceof KeyedList) || value.entries.length === 0) return false;
  return value.entries.every(({ view }) => isFragment(view)) && !value.hasDuplicates;
}

/**
 * Compares two keyed lists. What comes out grows with what was added, removed and moved, not with the list: items
 * that keep their order among themselves (a longest increasing subsequence of old places) are not mentioned.
 *
 *     a b c d  →  d a x c      removed b; d before a; x before c
 *
 * @param address of the list
 */
export function diffLists(
  before: KeyedList,
  after: KeyedList,
  address: string,
  listener: ListListener,
): void {
  const old = new Map(before.entries.map(({ key, view }, place) => [key, { view, place }]));
  const places = after.entries.map(({ key, view }) =>
    compareItem(old.get(key), view, itemAddress(address, key), listener),
  );
  const kept = new Set(after.entries.map(({ key }) => key));
  const removed = before.entries.filter(({ key }) => !kept.has(key));
  const placed = placements(after.entries, places, listener.writer);
  if (removed.length === 0 && placed.length === 0) return;
  const { digest } = listener;
  digest.order(before, address, -1);
  digest.order(after, address, 1);
  for (const { key, view } of removed) digest.view(view, itemAddress(address, key), -1);
  after.entries.forEach(({ key, view }, index) => {
    if (places[index] === -1) digest.view(view, itemAddress(address, key), 1);
  });
  listener.edit(address, [LIST_EDIT, removed.map(({ key }) => encodeKey(key)), placed]);
}

/** The item's old place, or -1 when it is new. */
function compareItem(
  old: { readonly view: View; readonly place: number } | undefined,
  view: View,
  address: string,
  listener: ListListener,
): number {
  if (old === undefined) return -1;
  listener.fragment(old.view, view, address);
  return old.place;
}

/** From the last to the first, so that the item before which one goes is in its place already. */
function placements(
  entries: readonly KeyedEntry[],
  places: readonly number[],
  writer: WireWriter,
): readonly Placement[] {
  const staying = isIncreasing(places) ? undefined : longestIncreasing(places);
  const isStaying = (index: number) => places[index] !== -1 && (staying === undefined || staying.has(index));
  const placed: Placement[] = [];
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined || isStaying(index)) continue;
    const next = entries[index + 1];
    const place = next === undefined ? endOf(entries, index, isStaying) : encodeKey(next.key);
    const key = encodeKey(entry.key);
    placed.push(places[index] === -1 ? [key, place, writer.view(entry.view)] : [key, place]);
  }
  return placed;
}

/** Behind the nearest item in front that is in the page and stays where it is: the last of the list, by then. */
function endOf(entries: readonly KeyedEntry[], index: number, isStaying: (index: number) => boolean): Place {
  for (let at = index - 1; at >= 0; at -= 1) {
    if (isStaying(at)) return [encodeKey(entries[at]?.key ?? "")];
  }
  return [];
}

/** The common case, told without building anything. New items take no part. */
function isIncreasing(places: readonly number[]): boolean {
  let last = -1;
  for (const place of places) {
    if (place === -1) continue;
    if (place < last) return false;
    last = place;
  }
  return true;
}
