import { escapeHtml, refuseScriptUrl } from "./escape.ts";
import type { AttributeSlot, Mark, Segment } from "./segment.ts";
import { showValue, TemplateError } from "./template-error.ts";
import { KeyedList, type OpaqueHtml, type Part, TrustedHtml, View } from "./view.ts";

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

/** Attributes in which `false` is a value of its own and not their absence. */
const TRUE_OR_FALSE_ATTRIBUTE = /^(?:aria-.*|data-.*|contenteditable|draggable|spellcheck)$/;

/** The text of a rendered view, and where in it the places lie that the runtime asks for. */
export interface Rendered {
  readonly html: string;
  /** Offsets into `html`, in characters; absent when the view has no such place. The first of a kind counts. */
  readonly marks: Readonly<Partial<Record<Mark, number>>>;
}

/**
 * Writes a view as HTML.
 * Throws {@link TemplateError} as described at `html`.
 */
export function renderToString(view: Part): string {
  return render(view).html;
}

/**
 * Writes a view as HTML and tells where its title and body lie.
 * Throws {@link TemplateError} as described at `html`.
 */
export function render(view: Part): Rendered {
  const writer = new HtmlWriter();
  writer.content([], 0, view);
  return { html: writer.html, marks: writer.marks };
}

/** True for values that another library made as HTML and marked as escaped. */
function isOpaqueHtml(value: unknown): value is OpaqueHtml {
  return typeof value === "object" && value !== null && "isEscaped" in value && value.isEscaped === true;
}

class HtmlWriter {
  html = "";
  readonly marks: Partial<Record<Mark, number>> = {};

  content(strings: readonly string[], part: number, value: unknown): void {
    if (value instanceof View) this.#view(value);
    else if (isNothing(value)) return;
    else if (isText(value)) this.html += escapeHtml(String(value));
    else if (value instanceof KeyedList) for (const entry of value.entries) this.#view(entry.view);
    else if (value instanceof TrustedHtml) this.html += value.html;
    else if (Array.isArray(value)) for (const item of value) this.content(strings, part, item);
    else if (isOpaqueHtml(value)) this.html += opaqueText(strings, part, value);
    else throw new TemplateError(strings, part, `cannot show ${showValue(value)}; ${EXPECTED}`);
  }

  #view(view: View): void {
    const { strings, segments } = view.template;
    for (const segment of segments) this.#segment(strings, segment, view.parts);
  }

  #segment(strings: readonly string[], segment: Segment, parts: readonly Part[]): void {
    if (typeof segment === "string") {
      this.html += segment;
      return;
    }
    switch (segment.kind) {
      case "attribute":
        this.html += attributeText(strings, segment, parts);
        return;
      case "content":
        if (segment.isTextOnly) this.html += plainText(strings, segment.part, parts[segment.part]);
        else this.content(strings, segment.part, parts[segment.part]);
        return;
      case "mark":
        this.marks[segment.mark] ??= this.html.length;
    }
  }
}

const EXPECTED = "expected text, a number, html`…`, keyed(…), unsafeHtml(…), a list of those, or nothing";

function attributeText(strings: readonly string[], slot: AttributeSlot, parts: readonly Part[]): string {
  const [first = 0] = slot.parts;
  const isWhole = slot.parts.length === 1 && slot.pieces.every((piece) => piece === "");
  if (!isWhole) return ` ${slot.name}="${joinedValue(strings, slot, parts)}"`;
  const value = wholeValue(strings, slot, first, parts[first]);
  return value === undefined ? "" : ` ${slot.name}="${escapeHtml(safeValue(slot.name, value))}"`;
}

/** The value, unless it is an address that would run code. */
function safeValue(attribute: string, value: string): string {
  return URL_ATTRIBUTES.has(attribute.toLowerCase()) ? refuseScriptUrl(value) : value;
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
  const address = interleave(slot.pieces, values);
  const safe = safeValue(slot.name, address);
  if (safe !== address) return safe;
  const quoted = slot.pieces.map((piece) => piece.replaceAll('"', "&quot;"));
  return interleave(quoted, values.map(escapeHtml));
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
