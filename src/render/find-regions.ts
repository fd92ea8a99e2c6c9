import { Region } from "./region.ts";
import { KeyedList, type Part, View } from "./view.ts";

/** The regions that a view shows, in its order; one that it shows twice is there twice. Looks only where there may be some. */
export function regionsIn(part: Part): readonly Region[] {
  if (part instanceof Region) return [part];
  if (part instanceof View) return part.hasOpaque ? part.parts.flatMap(regionsIn) : [];
  if (part instanceof KeyedList)
    return part.hasOpaque ? part.entries.flatMap(({ view }) => regionsIn(view)) : [];
  return Array.isArray(part) ? part.flatMap(regionsIn) : [];
}
