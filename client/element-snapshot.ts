import type { ElementSnapshot } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";

/** Describes an element as it is now: attributes as written, and the live state of a form control. */
export function snapshotOf(element: Element): ElementSnapshot {
  // Not by `element.attributes`, which in a form may be its field of that name.
  const names = element
    .getAttributeNames()
    // The server knows how the element came to call, and where it is.
    .filter((name) => name !== ATTRIBUTES.reflex && name !== ATTRIBUTES.address);
  const attributes = Object.fromEntries(names.map((name) => [name, element.getAttribute(name) ?? ""]));
  return [element.localName, attributes, ...stateOf(element)];
}

function stateOf(element: Element): [value?: string, state?: boolean | readonly string[]] {
  if (element instanceof HTMLInputElement) {
    const { type, value, checked } = element;
    return type === "checkbox" || type === "radio" ? [value, checked] : [value];
  }
  if (element instanceof HTMLSelectElement) {
    const { value, multiple, selectedOptions } = element;
    return multiple ? [value, Array.from(selectedOptions, (option) => option.value)] : [value];
  }
  // That of a button is its attribute.
  return element instanceof HTMLTextAreaElement ? [element.value] : [];
}
