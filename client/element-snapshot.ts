import type { ElementSnapshot } from "../src/protocol/messages.ts";

/** Describes an element as it is now: attributes as written, and the live state of a form control. */
export function snapshotOf(element: Element): ElementSnapshot {
  const attributes = Object.fromEntries(Array.from(element.attributes, ({ name, value }) => [name, value]));
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
