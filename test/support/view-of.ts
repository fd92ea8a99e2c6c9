import { html, type Part, type View } from "../../src/render/view.ts";

/** A view of literal strings that are known only at run time, as a tagged template makes one of its own. */
export function viewOf(strings: readonly string[], parts: readonly Part[]): View {
  // What the language hands to a tag is such an array; nothing else makes one.
  return html(Object.assign([...strings], { raw: strings }) as unknown as TemplateStringsArray, ...parts);
}
