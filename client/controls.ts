/**
 * Form controls, whose state is the visitor's as much as the server's. The server speaks through attributes: one
 * that it did not change since the page got it is no news, and what the visitor typed or chose stands. A focused text
 * field is always the visitor's.
 */

/** The types of `<input>` in which a visitor types or picks a value (WHATWG HTML, 4.10.5.4: value mode "value"). */
const VALUE_TYPES = new Set(
  "text search tel url email password date month week time datetime-local number range color".split(" "),
);

/** Brings an `<input>` to its counterpart in the new HTML. */
export function updateInput(live: HTMLInputElement, wanted: HTMLInputElement): void {
  const { value, defaultValue, checked, defaultChecked } = live;
  replaceAttributes(live, wanted);
  live.checked = wanted.defaultChecked === defaultChecked ? checked : wanted.defaultChecked;
  if (!VALUE_TYPES.has(live.type)) return;
  const keeps = isFocused(live) || wanted.defaultValue === defaultValue;
  const kept = keeps ? value : wanted.defaultValue;
  // An assignment moves the caret even when nothing changes.
  if (live.value !== kept) live.value = kept;
}

/** Sets what a `<textarea>` holds by the server's word. */
export function setAreaText(area: HTMLTextAreaElement, text: string): void {
  const { value, defaultValue } = area;
  if (defaultValue === text) return;
  area.defaultValue = text;
  const kept = isFocused(area) ? value : text;
  if (area.value !== kept) area.value = kept;
}

/** Sets or removes an attribute of a control as a new page of the server would. */
export function setControlAttribute(element: Element, name: string, value: string | null): void {
  if (element instanceof HTMLInputElement) {
    const wanted = element.cloneNode(false);
    if (wanted instanceof HTMLInputElement) {
      writeAttribute(wanted, name, value);
      updateInput(element, wanted);
    }
    return;
  }
  writeAttribute(element, name, value);
  if (element instanceof HTMLOptionElement && name === "selected") element.selected = value !== null;
}

/** Brings an element's attributes to those of another. */
export function replaceAttributes(live: Element, wanted: Element): void {
  for (const name of live.getAttributeNames()) if (!wanted.hasAttribute(name)) live.removeAttribute(name);
  for (const name of wanted.getAttributeNames()) {
    const value = wanted.getAttribute(name);
    if (live.getAttribute(name) !== value) writeAttribute(live, name, value);
  }
}

/** Sets an attribute, or removes it for `null`. */
export function writeAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

function isFocused(element: Element): boolean {
  return element === element.ownerDocument.activeElement;
}
