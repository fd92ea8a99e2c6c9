import { parseHTML } from "linkedom/worker";
import { escapeHtml } from "./escape.ts";

/** The part of the DOM that is used here. Spelled out, since the Worker's own types know no DOM. */
interface ParsedNode {
  querySelector(selector: string): ParsedElement | null;
  querySelectorAll(selector: string): Iterable<ParsedElement>;
}

interface ParsedElement extends ParsedNode {
  readonly innerHTML: string;
  readonly textContent: string;
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
  return title === undefined ? { body } : { body, title: escapeHtml(title.textContent) };
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
  const fragment = parse(`<html>${html}</html>`);
  return findMatch(fragment, selector)?.innerHTML ?? html;
}

function parse(html: string): ParsedDocument {
  // linkedom's documents have these members; its types say so only together with those of a browser.
  return parseHTML(html).document as unknown as ParsedDocument;
}

function findMatch(fragment: ParsedDocument, selector: string): ParsedElement | null {
  try {
    return fragment.querySelector(selector);
  } catch (cause) {
    const given = JSON.stringify(selector).slice(0, 100);
    throw new TypeError(`${given} is not a CSS selector; expected one such as "#cart"`, { cause });
  }
}
