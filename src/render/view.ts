import { Region } from "./region.ts";
import { type Template, templateOf } from "./template.ts";

/** What may stand in a part between tags. In an attribute: text, numbers, booleans, nothing, and lists of those. */
export type Part =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | View
  | KeyedList
  | TrustedHtml
  | OpaqueHtml
  | Region
  // What hono types its JSX elements as, which are promises only when a component is async; those are refused.
  | PromiseLike<OpaqueHtml>
  | readonly Part[];

/** HTML that another library made and marked as escaped: a hono/jsx element, hono's own `html` and `raw`. */
export interface OpaqueHtml {
  readonly isEscaped: true;
  /** A promise when a component is async; the template refuses it then. */
  toString(): string | Promise<string>;
}

/** One rendering of a template: its literal strings (shared by all its renderings) and the values of its parts. */
export class View {
  readonly strings: TemplateStringsArray;
  readonly parts: readonly Part[];
  /** True when HTML that was made elsewhere is shown somewhere in it, or a region. */
  readonly hasOpaque: boolean;

  constructor(strings: TemplateStringsArray, parts: readonly Part[]) {
    this.strings = strings;
    this.parts = parts;
    this.hasOpaque = parts.some(holdsOpaque);
  }

  /** The compiled literal strings; compiled once for each place in the source. */
  get template(): Template {
    return templateOf(this.strings);
  }
}

/** HTML that is written as it is, without escaping. Made by {@link unsafeHtml} only. */
export class TrustedHtml {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

/** A list whose items keep their identity when it changes. Made by {@link keyed} only. */
export class KeyedList {
  readonly entries: readonly KeyedEntry[];
  /** True when HTML that was made elsewhere is shown somewhere in it, or a region. */
  readonly hasOpaque: boolean;
  #hasDuplicates: boolean | undefined;

  constructor(entries: readonly KeyedEntry[]) {
    this.entries = entries;
    this.hasOpaque = entries.some(({ view }) => view.hasOpaque);
  }

  /** True when two items share a key, so that keys tell nothing about this list. */
  get hasDuplicates(): boolean {
    this.#hasDuplicates ??= new Set(this.entries.map(({ key }) => key)).size < this.entries.length;
    return this.#hasDuplicates;
  }
}

/** One item of a keyed list: the key that follows it through moves, and how it looks. */
export interface KeyedEntry {
  readonly key: string;
  readonly view: View;
}

/**
 * Makes a view of a tagged template. Text and attribute values are escaped for the place they stand in;
 * `null`, `undefined` and `false` show nothing; a boolean as the whole value of an attribute writes or leaves
 * out the attribute; an address that would run code is replaced; arrays show their items in order.
 *
 * Throws {@link TemplateError} when rendered with a part where none may stand (a tag name, an attribute name, a
 * script, a style sheet, a comment, an `on…` attribute) or with a value that a part cannot show.
 *
 * @example
 * html`<button class="${kind}" disabled=${isFull} data-reflex="click->Cart#add">${label}</button>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): View {
  return new View(strings, parts.some(isMutable) ? parts.map(fixed) : parts);
}

/** A view is compared with later ones, so what its owner may change in place must not change in the view. */
function fixed(part: Part): Part {
  if (Array.isArray(part)) return part.map(fixed);
  if (!isOpaqueHtml(part)) return part;
  const text = part.toString();
  // What is async is refused where its place in the page is known.
  return typeof text === "string" ? new TrustedHtml(text) : part;
}

function holdsOpaque(part: Part): boolean {
  if (typeof part !== "object" || part === null) return false;
  if (part instanceof View || part instanceof KeyedList) return part.hasOpaque;
  return Array.isArray(part) ? part.some(holdsOpaque) : part instanceof TrustedHtml || part instanceof Region;
}

function isMutable(part: Part): boolean {
  return Array.isArray(part) || isOpaqueHtml(part);
}

/**
 * True for values that another library made as HTML and marked as escaped. What a visitor sends can carry the mark,
 * but no method of its own.
 */
export function isOpaqueHtml(value: unknown): value is OpaqueHtml {
  if (typeof value !== "object" || value === null || !("isEscaped" in value)) return false;
  const { isEscaped, toString: write } = value;
  return isEscaped === true && typeof write === "function" && write !== Object.prototype.toString;
}

/**
 * Makes a list whose items are told apart by key, so that they keep their place in the page (focus, typing,
 * playing media) when the list is sorted, extended or cut.
 *
 * @param items in the order in which they show
 * @param key the identity of an item, unique in this list
 * @param view how one item looks; `index` counts from 0
 * @example
 * html`<ul>${keyed(todos, (todo) => todo.id, (todo) => html`<li>${todo.title}</li>`)}</ul>`
 */
export function keyed<Item>(
  items: Iterable<Item>,
  key: (item: Item, index: number) => string | number,
  view: (item: Item, index: number) => View,
): KeyedList {
  const entries = Array.from(items, (item, index) => ({
    key: String(key(item, index)),
    view: view(item, index),
  }));
  return new KeyedList(entries);
}

/**
 * Writes HTML into a page as it is. Whoever can choose the text can run code in the visitor's browser: pass
 * only what your own code or a sanitiser made.
 */
export function unsafeHtml(html: string): TrustedHtml {
  return new TrustedHtml(html);
}
