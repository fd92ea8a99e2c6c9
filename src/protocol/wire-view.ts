import { ATTRIBUTES } from "./names.ts";

/**
 * Views as they travel: literal strings once for a connection, under the name of their template, and from then on the
 * values between them. The client writes the same HTML of them as the server would.
 */

/** A template's name, then what stands in its slots, in order. */
export type WireView = readonly [template: string, ...values: WireValue[]];

/** What stands in one slot: HTML; the value of an attribute as HTML, `null` when it is left out; or one of these. */
export type WireValue =
  | string
  | null
  | WireView
  | WireList
  | WireArray
  | typeof FRAGMENT_STAYS
  | typeof LIST_STAYS;

/** The items of a keyed list: key, view, key, view. */
export type WireList = readonly [kind: typeof LIST_SEQUENCE, ...entries: (string | WireView)[]];

/** Values side by side. */
export type WireArray = readonly [kind: typeof ARRAY_SEQUENCE, ...values: WireValue[]];

/** What begins a sequence, where a view has its name. */
export const LIST_SEQUENCE = 0;
export const ARRAY_SEQUENCE = 1;

/** What the page has at this address already, and keeps. */
export const FRAGMENT_STAYS = 0;
export const LIST_STAYS = 1;

/**
 * One step of a template: literal HTML; the number of a part that shows content; -1 for where a fragment's root
 * carries its address, and -2, -3, … where another element does, whose first part is 0, 1, …; an attribute by its name,
 * in a list of one.
 */
export type TemplatePiece = string | number | readonly [attribute: string];

/** The piece where a fragment's root element carries its address. */
export const ADDRESS_PIECE = -1;

/** Templates by their names: what a connection has been told. */
export type TemplateBook = ReadonlyMap<string, readonly TemplatePiece[]>;

/**
 * Writes a view as HTML.
 *
 * @param base what the addresses of its parts begin with, and its own when it is a fragment
 * Throws an `Error` for a template that the book does not know.
 */
export function writeWireView([name, ...values]: WireView, base: string, book: TemplateBook): string {
  const pieces = book.get(name);
  if (pieces === undefined) throw new Error(`No template ${name}`);
  let next = 0;
  return pieces
    .map((piece) => {
      if (typeof piece === "string") return piece;
      if (piece === ADDRESS_PIECE) return addressAttribute(base);
      if (typeof piece === "number" && piece < 0) return addressAttribute(anchorAddress(base, -2 - piece));
      const value = values[next++] ?? null;
      if (typeof piece === "number") return writeValue(value, childAddress(base, piece), book);
      return value === null ? "" : ` ${piece[0]}="${value}"`;
    })
    .join("");
}

function writeValue(value: WireValue, address: string, book: TemplateBook): string {
  if (value === null || typeof value === "string") return value ?? "";
  if (typeof value === "number") {
    const name = value === FRAGMENT_STAYS ? ATTRIBUTES.address : ATTRIBUTES.list;
    return `<template${addressAttribute(address, name)}></template>`;
  }
  if (isView(value)) return writeWireView(value, address, book);
  const [kind, ...items] = value;
  return items
    .map((item, index) => {
      if (kind === ARRAY_SEQUENCE) return writeValue(item, `${address}-${index}`, book);
      // Of a list, keys and views alternate.
      return index % 2 === 0 ? "" : writeValue(item, `${address}:${items[index - 1]}`, book);
    })
    .join("");
}

function isView(value: WireView | WireList | WireArray): value is WireView {
  return typeof value[0] === "string";
}

/** The address of what a part shows; that of a list's item has its key behind it. */
export function childAddress(base: string, part: number): string {
  return base === "" ? String(part) : `${base}.${part}`;
}

/** The address of an element that cannot be found by counting: that of its first part, with a slash behind it. */
export function anchorAddress(base: string, part: number): string {
  return `${childAddress(base, part)}/`;
}

/** What the addresses of the parts begin with that stand in the element of an address: its own, or that of what it is in. */
export function baseOf(address: string): string {
  return address.replace(/\.?\d+\/$/, "");
}

/** The address of what something is in: of a fragment, a list, or empty for the page. */
export function outsideOf(address: string): string {
  return address.replace(/(^|[.:#])[^.:#]*$/, "");
}

/** How an element carries its address; absent on the placeholder of a list. */
export function addressAttribute(address: string, name: string = ATTRIBUTES.address): string {
  // Addresses hold keys, which may be any text.
  return ` ${name}="${address.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"`;
}
