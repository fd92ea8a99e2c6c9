import { outsideOf } from "../protocol/wire-view.ts";
import { encodeKey, isFragment } from "../render/render.ts";
import { KeyedList, type Part, View } from "../render/view.ts";

/** One step of an address: a part, an item of a list by its key, or an item of an array by its place. */
const STEP = /\.?(?<part>\d+)|:(?<key>[^.:]*)|-(?<place>\d+)/y;

/**
 * The smallest fragment of a page that stands at an address, or around it; `undefined` when that is the page itself.
 *
 * @param address any text
 */
export function fragmentAround(
  page: View,
  address: string,
): { readonly address: string; readonly view: View } | undefined {
  for (let at = address; at !== ""; at = outsideOf(at)) {
    const view = fragmentAt(page, at);
    if (view !== undefined) return { address: at, view };
  }
  return undefined;
}

function fragmentAt(page: View, address: string): View | undefined {
  let found: Part = page;
  const step = new RegExp(STEP);
  while (step.lastIndex < address.length) {
    const groups = step.exec(address)?.groups;
    if (groups === undefined) return undefined;
    found = follow(found, groups);
  }
  return found instanceof View && isFragment(found) ? found : undefined;
}

function follow(from: Part, { part, key, place }: Partial<Record<string, string>>): Part {
  if (part !== undefined) return from instanceof View ? from.parts[Number(part)] : undefined;
  if (place !== undefined) return Array.isArray(from) ? from[Number(place)] : undefined;
  return from instanceof KeyedList
    ? from.entries.find((entry) => encodeKey(entry.key) === key)?.view
    : undefined;
}
