import type { Segment } from "./segment.ts";
import { TemplateScanner } from "./template-scanner.ts";

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
