import { addressAttribute, anchorAddress, childAddress } from "../protocol/wire-view.ts";
import { escapeHtml, refuseScriptUrl } from "./escape.ts";
import { Region } from "./region.ts";
import type { AttributeSlot, ContentSlot, Mark, Segment } from "./segment.ts";
import { showValue, TemplateError } from "./template-error.ts";
import { isOpaqueHtml, KeyedList, type OpaqueHtml, type Part, TrustedHtml, View } from "./view.ts";

/** Attributes whose value is an address that a browser follows or loads. */
const URL_ATTRIBUTES = new Set([
  "action",
  "background",
  "cite",
  "data",
  "formaction",
  "href",
  "manifest",
  "ping",
  "poster",
  "src",
  "xlink:href",
]);

const ANIMATION_VALUES = new Set(["by", "from", "to", "values"]);

/** Attributes in which `false` is a value of its own and not their absence. */
const TRUE_OR_FALSE_ATTRIBUTE = /^(?:aria-.*|data-.*|contenteditable|draggable|spellcheck)$/;

/** The text of a rendered view, and where in it the places lie that the runtime asks for. */
export interface Rendered {
  readonly html: string;
  /** Offsets into `html`, in characters; absent when the view has no such place. The first of a kind counts. */
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
}

/**
 * Writes a view as HTML, without addresses: for mails and whatever is not a page.
 * Throws {@link TemplateError} as described at `html`.
 */
export function renderToString(view: Part): string {
  const writer = new HtmlWriter();
  writer.content([], 0, view, undefined);
  return writer.html;
}

/**
 * Writes a page: every fragment carries its address, and title and body can be found in the text.
 * Throws {@link TemplateError} as described at `html`.
 */
export function renderPage(view: View): Rendered {
  const writer = new HtmlWriter();
  writer.view(view, "", undefined);
  return { html: writer.html, marks: writer.marks };
}

/** Writes what is in front of a page's body for its title, as HTML text; `undefined` when there is none. */
export function renderTitle(view: View): string | undefined {
  const { segments } = view.template;
  const body = segments.findIndex((segment) => isMark(segment, "bodyStart"));
  const writer = new HtmlWriter();
  writer.segments(view, body === -1 ? segments : segments.slice(0, body), undefined, undefined);
  const { titleStart, titleEnd } = writer.marks;
  return titleStart === undefined || titleEnd === undefined
    ? undefined
    : writer.html.slice(titleStart, titleEnd);
}

/** Writes a fragment by itself. @param address its own, and what those of its parts begin with */
export function renderFragment(view: View, address: string): string {
  const writer = new HtmlWriter();
  writer.view(view, address, address);
  return writer.html;
}

/**
 * Writes what a part shows inside the view whose addresses begin with `base`, to be compared: a region in it is there by its
 * name, and whatever it shows.
 */
export function renderPart(view: View, part: number, base: string): string {
  const writer = new HtmlWriter(regionPlaceholder);
  writer.content(view.strings, part, view.parts[part], childAddress(base, part));
  return writer.html;
}

/** Writes a value that shows no view: text, or HTML that was made elsewhere. `part` names it in errors. */
export function renderValue(view: View, part: number, value: Part): string {
  const writer = new HtmlWriter();
  writer.content(view.strings, part, value, undefined);
  return writer.html;
}

/** Writes some of a view's segments, which show text alone. */
export function renderText(view: View, segments: readonly Segment[]): string {
  const writer = new HtmlWriter();
  writer.segments(view, segments, undefined, undefined);
  return writer.html;
}

function isMark(segment: Segment, mark: Mark): boolean {
  return typeof segment !== "string" && segment.kind === "mark" && segment.mark === mark;
}

/** The address of a list's item. */
export function itemAddress(list: string, key: string): string {
  return `${list}:${encodeKey(key)}`;
}

/**
 * A key as it stands in addresses, where dots, colons and number signs have a meaning, and where the parser would make
 * something else of control characters.
 */
export function encodeKey(key: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters that parsers change
  return key.replace(/[%.:#\u0000-\u001f]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** The value of an attribute with parts, as HTML; `null` when the attribute is left out. */
export function attributeHtml({ strings, parts }: View, slot: AttributeSlot): string | null {
  const [first = 0] = slot.parts;
  const isWhole = slot.parts.length === 1 && slot.pieces.every((piece) => piece === "");
  if (!isWhole) return joinedValue(strings, slot, parts);
  const value = wholeValue(strings, slot, first, parts[first]);
  return value === undefined ? null : escapeHtml(safeValue(slot.name, value));
}

function wholeRegion({ content }: Region): string {
  return content.html;
}

/** Stands in new HTML for a region that the page shows already, and keeps. */
export function regionPlaceholder({ address }: Region): string {
  return `<template${addressAttribute(address)}></template>`;
}

class HtmlWriter {
  html = "";
  readonly regionHtml: (region: Region) => string;
  readonly marks: Partial<Record<Mark, number>> = {};

  constructor(regionHtml: (region: Region) => string = wholeRegion) {
    this.regionHtml = regionHtml;
  }

  /** `address` is where the value's fragments live; absent: they carry none. */
  content(strings: readonly string[], part: number, value: unknown, address: string | undefined): void {
    if (value instanceof View) this.view(value, address, isFragment(value) ? address : undefined);
    else if (isNothing(value)) return;
    else if (isText(value)) this.html += escapeHtml(String(value));
    else if (value instanceof KeyedList) this.#list(value, address);
    else if (value instanceof TrustedHtml) this.html += value.html;
    else if (value instanceof Region) this.html += this.regionHtml(value);
    else if (Array.isArray(value)) this.#array(strings, part, value, address);
    else if (isOpaqueHtml(value)) this.html += opaqueText(strings, part, value);
    else throw new TemplateError(strings, part, `cannot show ${showValue(value)}; ${EXPECTED}`);
  }

  view(view: View, base: string | undefined, own: string | undefined): void {
    this.segments(view, view.template.segments, base, own);
  }

  segments(
    view: View,
    segments: readonly Segment[],
    base: string | undefined,
    own: string | undefined,
  ): void {
    for (const segment of segments) {
      if (typeof segment === "string") this.html += segment;
      else this.#slot(view, segment, base, own);
    }
  }

  #slot(view: View, slot: Exclude<Segment, string>, base: string | undefined, own: string | undefined): void {
    switch (slot.kind) {
      case "attribute":
        return this.#attribute(view, slot);
      case "content":
        return this.#part(view, slot, base);
      case "mark":
        // A title inside the body is that of a drawing.
        if (slot.mark.startsWith("body") || this.marks.bodyStart === undefined) {
          this.marks[slot.mark] ??= this.html.length;
        }
        return;
      case "anchor":
        if (base !== undefined) this.html += addressAttribute(anchorAddress(base, slot.part));
        return;
      case "address":
        if (own !== undefined) this.html += addressAttribute(own);
    }
  }

  #attribute(view: View, slot: AttributeSlot): void {
    const value = attributeHtml(view, slot);
    if (value !== null) this.html += ` ${slot.name}="${value}"`;
  }

  #part(view: View, { part, isTextOnly }: ContentSlot, base: string | undefined): void {
    const value = view.parts[part];
    // What no update reaches needs no address.
    const address =
      base === undefined || !view.template.outline.holders[part] ? undefined : childAddress(base, part);
    if (isTextOnly) this.html += plainText(view.strings, part, value);
    else this.content(view.strings, part, value, address);
  }

  #list(list: KeyedList, address: string | undefined): void {
    for (const { key, view } of list.entries) {
      const item = address === undefined ? undefined : itemAddress(address, key);
      this.view(view, item, isFragment(view) ? item : undefined);
    }
  }

  #array(
    strings: readonly string[],
    part: number,
    values: readonly unknown[],
    address: string | undefined,
  ): void {
    values.forEach((value, index) => {
      this.content(strings, part, value, address === undefined ? undefined : `${address}-${index}`);
    });
  }
}

/** True when the view is one element, which can carry an address. */
export function isFragment(view: View): boolean {
  return view.template.outline.isSingleRoot;
}

const EXPECTED = "expected text, a number, html`…`, keyed(…), unsafeHtml(…), a list of those, or nothing";

/** The value, unless it is an address that would run code. */
function safeValue(attribute: string, value: string): string {
  const name = attribute.toLowerCase();
  if (URL_ATTRIBUTES.has(name)) return refuseScriptUrl(value);
  // SVG animates any attribute, addresses included, to these.
  return ANIMATION_VALUES.has(name) ? value.split(";").map(refuseScriptUrl).join(";") : value;
}

/** `undefined` leaves the attribute out. */
function wholeValue(
  strings: readonly string[],
  slot: AttributeSlot,
  part: number,
  value: Part,
): string | undefined {
  if (value === null || value === undefined) return undefined;
  // A list of words of which none is there, as in class=${[isNew && "new"]}, is nothing.
  if (Array.isArray(value)) return attributeValue(strings, part, value) || undefined;
  if (typeof value !== "boolean") return attributeValue(strings, part, value);
  if (TRUE_OR_FALSE_ATTRIBUTE.test(slot.name.toLowerCase())) return String(value);
  return value ? "" : undefined;
}

/** The pieces are literal HTML and stay as written; only the values between them are escaped. */
function joinedValue(strings: readonly string[], slot: AttributeSlot, parts: readonly Part[]): string {
  const values = slot.parts.map((part) => attributeValue(strings, part, parts[part]));
  const address = interleave(slot.pieces.map(withoutReferences), values);
  const safe = safeValue(slot.name, address);
  if (safe !== address) return escapeHtml(safe);
  const quoted = slot.pieces.map((piece) => piece.replaceAll('"', "&quot;"));
  return interleave(quoted, values.map(escapeHtml));
}

/** What a literal spells as `&Tab;` or `&#32;` may be a character that browsers skip before a scheme. */
function withoutReferences(piece: string): string {
  return piece.replace(/&#?\w+;?/g, "");
}

function interleave(pieces: readonly string[], values: readonly string[]): string {
  return pieces.map((piece, index) => piece + (values[index] ?? "")).join("");
}

function attributeValue(strings: readonly string[], part: number, value: Part): string {
  if (isNothing(value)) return "";
  if (isText(value)) return String(value);
  if (Array.isArray(value)) {
    const words = value.map((item) => attributeValue(strings, part, item));
    return words.filter((word) => word !== "").join(" ");
  }
  throw new TemplateError(
    strings,
    part,
    `cannot show ${showValue(value)} in an attribute; expected text or a number`,
  );
}

function plainText(strings: readonly string[], part: number, value: Part): string {
  if (isNothing(value)) return "";
  if (isText(value)) return escapeHtml(String(value));
  const problem = "cannot show markup in <title> or <textarea>; expected text or a number";
  throw new TemplateError(strings, part, `${problem}, got ${showValue(value)}`);
}

function opaqueText(strings: readonly string[], part: number, value: OpaqueHtml): string {
  const text: unknown = value.toString();
  if (typeof text === "string") return text;
  throw new TemplateError(strings, part, `cannot show ${showValue(text)}`);
}

function isNothing(value: unknown): value is null | undefined | false {
  return value === null || value === undefined || value === false;
}

function isText(value: unknown): value is string | number | bigint | true {
  return (
    typeof value === "string" || typeof value === "number" || typeof value === "bigint" || value === true
  );
}
