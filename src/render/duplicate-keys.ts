import { showValue, TemplateError } from "./template-error.ts";
import { KeyedList, type Part, View } from "./view.ts";

/**
 * Refuses a page in which two items of one keyed list have the same key. Such a list cannot be told apart item by item:
 * it is sent whole at each change, and what the visitor typed into one of the two may end up in the other.
 *
 * Throws {@link TemplateError} that names the list by its template and part, the key, and the items.
 */
export function refuseDuplicateKeys(view: View): void {
  for (const [part, value] of view.parts.entries()) refuseIn(view, part, value);
}

function refuseIn(view: View, part: number, value: Part): void {
  if (value instanceof View) refuseDuplicateKeys(value);
  else if (value instanceof KeyedList) {
    if (value.hasDuplicates) throw new TemplateError(view.strings, part, describe(value));
    for (const entry of value.entries) refuseDuplicateKeys(entry.view);
  } else if (Array.isArray(value)) for (const item of value) refuseIn(view, part, item);
}

function describe({ entries }: KeyedList): string {
  const keys = entries.map(({ key }) => key);
  const second = keys.findIndex((key, index) => keys.indexOf(key) < index);
  const key = keys[second] ?? "";
  const items = `items ${keys.indexOf(key) + 1} and ${second + 1} of ${keys.length}`;
  return `two items of its list have the key ${showValue(key)} (${items}); expected a key of its own for each, from keyed(items, key, view)`;
}
