import { setAreaText, setControlAttribute } from "./controls.ts";

/** Sets the text of an element that has nothing but text. `html` is text as HTML, its entities undone here. */
export function setText(element: Element, html: string): void {
  const text = decodeText(element.ownerDocument, html);
  const { firstChild } = element;
  const isOneText = firstChild instanceof Text && firstChild === element.lastChild;
  if (element instanceof HTMLTextAreaElement) setAreaText(element, text);
  else if (isOneText && text !== "") firstChild.data = text;
  else element.textContent = text;
}

/** Sets or removes an attribute; `html` is its value as HTML. */
export function setAttribute(element: Element, name: string, html: string | null): void {
  setControlAttribute(element, name, html === null ? null : decodeText(element.ownerDocument, html));
}

/** Undoes entities, as the parser would in text without markup. */
export function decodeText(document: Document, html: string): string {
  if (!html.includes("&")) return html;
  const decoder = document.createElement("textarea");
  decoder.innerHTML = html;
  return decoder.value;
}
