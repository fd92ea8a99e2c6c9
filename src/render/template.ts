import { TemplateScanner } from "./template-scanner.ts";

/** Places in a document that the runtime needs to find again in the rendered text. */
export type Mark = "titleStart" | "titleEnd" | "bodyStart" | "bodyEnd";

/** A part between tags. `isTextOnly`: in `<title>` or `<textarea>`, where markup would show as text. */
export interface ContentSlot {
  readonly kind: "content";
  readonly part: number;
  readonly isTextOnly: boolean;
}

/**
 * An attribute whose value has parts: `class="row ${kind}"` has the pieces `["row ", ""]` and the parts `[n]`.
 * Written as a whole, name and quotes included, so that it can be left out.
 */
export interface AttributeSlot {
  readonly kind: "attribute";
  readonly name: string;
  readonly pieces: readonly string[];
  readonly parts: readonly number[];
}

/** A {@link Mark}, which writes nothing. */
export interface MarkSlot {
  readonly kind: "mark";
  readonly mark: Mark;
}

/** What a template writes, in order: literal HTML, or a slot. */
export type Segment = string | ContentSlot | AttributeSlot | MarkSlot;

/** The literal strings of a tagged template, compiled: what to write around its parts, and how to escape them. */
export interface Template {
  readonly strings: readonly string[];
  readonly segments: readonly Segment[];
}

/** Keyed by the strings array, which the language keeps one of for each tagged template in the source. */
const compiled = new WeakMap<TemplateStringsArray, Template>();

/**
 * The template of a tagged template's strings, compiled at its first use.
 * Throws `TemplateError` when a part stands where none may.
 */
export function templateOf(strings: TemplateStringsArray): Template {
  const known = compiled.get(strings);
  if (known !== undefined) return known;
  const template = { strings, segments: new TemplateScanner(strings).scan() };
  compiled.set(strings, template);
  return template;
}
