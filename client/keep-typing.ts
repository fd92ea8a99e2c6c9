/**
 * Makes the wanted element agree with what the visitor typed or opened, wherever the server has nothing new to
 * say about it. The server speaks through attributes: one that it did not change since the page got it is no
 * news, and the visitor's input stands. A focused text field is always the visitor's.
 *
 * @param live the element in the page
 * @param wanted its counterpart in the new HTML, not yet in the page; changed in place
 */
export function keepTyping(live: Element, wanted: Element): void {
  if (live instanceof HTMLInputElement && wanted instanceof HTMLInputElement) keepInput(live, wanted);
  else if (live instanceof HTMLTextAreaElement && wanted instanceof HTMLTextAreaElement)
    keepTextArea(live, wanted);
  // What a visitor opened or shut changes the attribute itself, so the server's last word is not known.
  else if (live instanceof HTMLDetailsElement && wanted instanceof HTMLDetailsElement)
    wanted.open = live.open;
}

/**
 * Brings a `<select>` to its counterpart. Done here as a whole, since morphdom follows the `selected` attributes
 * alone and writes attributes of its own: what the visitor chose stays chosen while it is still offered and the
 * server's own choice has not changed.
 *
 * @param complete puts into `wanted` the options that it takes over from `live`
 */
export function updateSelect(live: HTMLSelectElement, wanted: HTMLSelectElement, complete: () => void): void {
  const chosen = new Set(Array.from(live.selectedOptions, (option) => option.value));
  const choice = defaultChoice(live);
  complete();
  const keeps = sameTexts(choice, defaultChoice(wanted));
  replaceAttributes(live, wanted);
  live.replaceChildren(...wanted.childNodes);
  const options = Array.from(live.options);
  if (!keeps || !options.some((option) => chosen.has(option.value))) return;
  for (const option of options) option.selected = chosen.has(option.value);
}

/** Sets the text of an element that has nothing but text. `html` is text as HTML, its entities undone here. */
export function setText(element: Element, html: string): void {
  const text = html.includes("&") ? decodeText(element.ownerDocument, html) : html;
  const isTyped = element instanceof HTMLTextAreaElement && keepsTyping(element, text);
  const { firstChild } = element;
  const isOneText = firstChild instanceof Text && firstChild === element.lastChild;
  if (isOneText && text !== "") firstChild.data = text;
  else element.textContent = text;
  if (element instanceof HTMLTextAreaElement && !isTyped) element.value = text;
}

/** Sets or removes an attribute as a new page of the server would, the visitor's typing respected. */
export function setAttribute(element: Element, name: string, html: string | null): void {
  const value = html === null ? null : decodeText(element.ownerDocument, html);
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
  if (element instanceof HTMLInputElement) setInputState(element, name, value);
  if (element instanceof HTMLOptionElement && name === "selected") element.selected = value !== null;
}

function setInputState(input: HTMLInputElement, name: string, value: string | null): void {
  if (name === "checked") input.checked = value !== null;
  if (name === "value" && input.type !== "file" && !isFocusedText(input)) input.value = value ?? "";
}

function keepsTyping(area: HTMLTextAreaElement, text: string): boolean {
  return area === area.ownerDocument.activeElement || area.defaultValue === text;
}

/** Undoes entities, as the parser would in text without markup. */
export function decodeText(document: Document, html: string): string {
  if (!html.includes("&")) return html;
  const decoder = document.createElement("textarea");
  decoder.innerHTML = html;
  return decoder.value;
}

function keepInput(live: HTMLInputElement, wanted: HTMLInputElement): void {
  // A file input's value cannot be written, and what was chosen stays by itself.
  const isTyped = isFocusedText(live) || live.defaultValue === wanted.defaultValue;
  if (live.type !== "file" && isTyped) wanted.value = live.value;
  if (live.defaultChecked === wanted.defaultChecked) wanted.checked = live.checked;
}

function keepTextArea(live: HTMLTextAreaElement, wanted: HTMLTextAreaElement): void {
  const isFocused = live === live.ownerDocument.activeElement;
  if (isFocused || live.defaultValue === wanted.defaultValue) wanted.value = live.value;
}

/** Checkboxes, buttons and the like have the focus after a click, and nothing typed in them. */
function isFocusedText(input: HTMLInputElement): boolean {
  const isText = !["checkbox", "radio", "button", "submit", "reset", "image", "hidden", "file"].includes(
    input.type,
  );
  return isText && input === input.ownerDocument.activeElement;
}

/** The values that the server chose, by `selected` attributes. */
function defaultChoice(select: HTMLSelectElement): readonly string[] {
  return Array.from(select.options).flatMap((option) => (option.defaultSelected ? [option.value] : []));
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}

function replaceAttributes(live: Element, wanted: Element): void {
  for (const name of live.getAttributeNames()) if (!wanted.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
}
