import type { CallMore } from "../src/protocol/messages.ts";
import { EXTRA_ATTRIBUTES } from "./extra-attributes.ts";
import { findAll } from "./find-all.ts";

/** What says how elements call, or is the client's own. */
const OURS: readonly string[] = Object.values(EXTRA_ATTRIBUTES);

/**
 * Collects the `data-` attributes that an element asks for, less those that are ours: of itself first, then of what each token names, in the order of the
 * tokens. The first value of an attribute is its `dataset`, all of them are its `datasetAll`.
 */
export function datasetsOf(element: Element): Pick<CallMore, "dataset" | "datasetAll"> {
  const all = valuesOf(element, EXTRA_ATTRIBUTES.datasetAll);
  const one = valuesOf(element, EXTRA_ATTRIBUTES.dataset);
  return {
    ...(one && { dataset: Object.fromEntries(Array.from(one, ([name, [value = ""]]) => [name, value])) }),
    ...(all && { datasetAll: Object.fromEntries(all) }),
  };
}

function valuesOf(element: Element, attribute: string): ReadonlyMap<string, readonly string[]> | undefined {
  const tokens = element.getAttribute(attribute)?.match(/\S+/g);
  if (tokens == null) return undefined;
  const values = new Map<string, string[]>();
  // Whom several tokens name is asked once.
  for (const other of new Set([element, ...tokens.flatMap((token) => elementsAt(element, token))]))
    for (const name of other.getAttributeNames())
      if (name.startsWith("data-") && !OURS.includes(name)) {
        const known = values.get(name) ?? [];
        values.set(name, known);
        known.push(other.getAttribute(name) ?? "");
      }
  return values;
}

function elementsAt(element: Element, token: string): readonly Element[] {
  const parent = element.parentElement;
  switch (token) {
    case "parent":
      return parent === null ? [] : [parent];
    case "ancestors":
    case "combined":
      return parent === null ? [] : [parent, ...elementsAt(parent, token)];
    case "siblings":
      return Array.from(parent?.children ?? []);
    case "children":
      return Array.from(element.children);
    case "descendants":
      return Array.from(element.querySelectorAll("*"));
    default:
      return findAll(element.ownerDocument, token);
  }
}
