import { parseHTML } from "linkedom/worker";
import { escapeHtml } from "./escape.ts";
import { DROPS_FIRST_BREAK } from "./html-elements.ts";

/** The part of the DOM that is used here. Spelled out, since the Worker's own types know no DOM. */
interface ParsedNode {
  querySelector(selector: string): ParsedElement | null;
  querySelectorAll(selector: string): Iterable<ParsedElement>;
}

interface ParsedElement extends ParsedNode {
  readonly localName: string;
  readonly innerHTML: string;
  textContent: string;
  remove(): void;
  closest(selector: string): ParsedElement | null;
}

interface ParsedDocument extends ParsedNode {
  readonly documentElement: ParsedElement;
}

/** What a page morph takes from a whole HTML document. */
export interface DocumentParts {
  /** The content of `<body>`, as HTML. */
  readonly body: string;
  /** The content of `<title>`, as HTML text; absent when the document has none. */
  readonly title?: string;
}

/**
 * Takes a document apart that was not rendered from templates: a page of plain strings or of hono/jsx. Costs a
 * parse of the whole page, which templates save. Text without a frame is a body as a whole. Never throws.
 */
export function partsOfDocument(html: string): DocumentParts {
  if (!/<(?:!doctype|html|head|body|title)[\s>]/i.test(html)) return { body: html };
  const document = parse(withRoot(html));
  // A title inside a drawing is the drawing's.
  const title = Array.from(document.querySelectorAll("title")).find(
    (element) => element.closest("svg") === null,
  );
  const body = bodyOf(document);
  return title === undefined ? { body } : { body, title: title.innerHTML };
}

/** The parser adds no element that the text leaves out, and takes the first one for the root. */
function withRoot(html: string): string {
  const content = html.replace(/^\s*<!doctype[^>]*>/i, "");
  return /<html[\s>]/i.test(content) ? content : `<html>${content}</html>`;
}

/** A document may leave its `<body>` out: then the body is what is not its head. */
function bodyOf(document: ParsedDocument): string {
  const body = document.querySelector("body");
  if (body !== null) return body.innerHTML;
  for (const element of document.querySelectorAll("head, html > title, html > meta, html > link"))
    element.remove();
  return document.documentElement.innerHTML;
}

/**
 * The HTML that belongs inside the elements that `selector` names: when the given HTML itself contains a match,
 * the content of the first one (so that a view may include the element it replaces), else all of it.
 *
 * Throws a `TypeError` for a selector that is none.
 */
export function contentFor(selector: string, html: string): string {
  const match = findMatch(parse(`<html>${html}</html>`), selector);
  return match === null ? html : contentOf(match);
}

/**
 * What is inside the first element of a document that each selector names; selectors that find nothing are left out.
 *
 * Throws a `TypeError` for a selector that is none.
 */
export function contentsOf(
  html: string,
  selectors: readonly string[],
): readonly { readonly selector: string; readonly content: string }[] {
  const document = parse(withRoot(html));
  return selectors.flatMap((selector) => {
    const match = findMatch(document, selector);
    return match === null ? [] : [{ selector, content: contentOf(match) }];
  });
}

/** The line break that a browser drops is part of the content to this parser. */
function contentOf(element: ParsedElement): string {
  return DROPS_FIRST_BREAK.has(element.localName) ? element.innerHTML.replace(/^\n/, "") : element.innerHTML;
}

function parse(html: string): ParsedDocument {
  // linkedom's documents have these members; its types say so only together with those of a browser.
  const document = parseHTML(html).document as unknown as ParsedDocument;
  for (const title of document.querySelectorAll("title")) escapeAgain(title);
  return document;
}

/** linkedom undoes the entities of a title, and writes it without: a visitor's text would be markup. */
function escapeAgain(title: ParsedElement): void {
  const text = title.textContent;
  if (/[&<>]/.test(text) && title.innerHTML === text) title.textContent = escapeHtml(text);
}

function findMatch(fragment: ParsedDocument, selector: string): ParsedElement | null {
  try {
    return fragment.querySelector(selector);
  } catch (cause) {
    const given = JSON.stringify(selector).slice(0, 100);
    throw new TypeError(`${given} is not a CSS selector; expected one such as "#cart"`, { cause });
  }
}
