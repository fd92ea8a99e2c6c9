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
  let smallest: { readonly address: string; readonly view: View } | undefined;
  let at: Part = page;
  const step = new RegExp(STEP);
  for (let groups = step.exec(address)?.groups; groups !== undefined; groups = step.exec(address)?.groups) {
    at = follow(at, groups);
    // Nothing leads on from what is no view, list or array.
    if (at === undefined) break;
    if (at instanceof View && isFragment(at))
      smallest = { address: address.slice(0, step.lastIndex), view: at };
  }
  return smallest;
}

function follow(from: Part, { part, key, place }: Partial<Record<string, string>>): Part {
  if (part !== undefined) return from instanceof View ? from.parts[Number(part)] : undefined;
  if (place !== undefined) return Array.isArray(from) ? from[Number(place)] : undefined;
  return from instanceof KeyedList
    ? from.entries.find((entry) => encodeKey(entry.key) === key)?.view
    : undefined;
}
