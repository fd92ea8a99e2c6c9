import { KeyedList, type Part, TrustedHtml, View } from "../render/view.ts";
import { HtmlReader } from "./html-reader.ts";

/** What is remembered of HTML that was read lately, since most of it is the same at the next render. */
const known = new Map<string, boolean>();
const MOST_KNOWN = 64;
/** Longer texts are read again each time, so that little memory is taken. */
const LONGEST_KNOWN = 2_000;

/**
 * False when HTML that was made elsewhere may have a browser build other elements of the page than are written: an end
 * tag too many, one too few, a list in a paragraph. Then nothing in the page can be found by counting. Costs nothing
 * for a page that shows no such HTML.
 */
export function isAsWritten(page: View): boolean {
  return isViewAsWritten(page, []);
}

function isViewAsWritten(view: View, around: readonly string[]): boolean {
  if (!view.hasOpaque) return true;
  const { tagsAround } = view.template.outline;
  return view.parts.every((value, part) => {
    const tags = tagsAround[part];
    // Outside <body> nothing is counted.
    return tags === undefined || isPartAsWritten(value, [...around, ...tags]);
  });
}

function isPartAsWritten(value: Part, around: readonly string[]): boolean {
  if (value instanceof View) return isViewAsWritten(value, around);
  if (value instanceof KeyedList)
    return !value.hasOpaque || value.entries.every(({ view }) => isViewAsWritten(view, around));
  if (value instanceof TrustedHtml) return isHtmlAsWritten(value.html, around);
  return !Array.isArray(value) || value.every((item: Part) => isPartAsWritten(item, around));
}

function isHtmlAsWritten(html: string, around: readonly string[]): boolean {
  if (!html.includes("<")) return true;
  const start = around.map((tag) => `<${tag}>`).join("");
  const end = around
    .map((tag) => `</${tag}>`)
    .reverse()
    .join("");
  const text = start + html + end;
  if (text.length > LONGEST_KNOWN) return isRegular(text);
  const isKnown = known.get(text) ?? isRegular(text);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, isKnown);
  return isKnown;
}

function isRegular(text: string): boolean {
  return new HtmlReader(text).read() !== undefined;
}
