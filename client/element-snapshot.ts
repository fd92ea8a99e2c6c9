import type { ElementSnapshot } from "../src/protocol/messages.ts";

/** Describes an element as it is now: attributes as written, and the live state of a form control. */
export function snapshotOf(element: Element): ElementSnapshot {
  // Not by `element.attributes`, which in a form may be its field of that name.
  const names = element.getAttributeNames();
  const attributes = Object.fromEntries(names.map((name) => [name, element.getAttribute(name) ?? ""]));
  return { tag: element.localName, attributes, ...stateOf(element) };
}

function stateOf(element: Element): Partial<ElementSnapshot> {
  if (element instanceof HTMLInputElement) {
    const isCheckable = element.type === "checkbox" || element.type === "radio";
    return isCheckable ? { value: element.value, checked: element.checked } : { value: element.value };
  }
  if (element instanceof HTMLSelectElement) {
    const { value, multiple, selectedOptions } = element;
    return multiple ? { value, values: Array.from(selectedOptions, (option) => option.value) } : { value };
  }
  return element instanceof HTMLTextAreaElement || element instanceof HTMLButtonElement
    ? { value: element.value }
    : {};
}
