import type { Holder, Outline } from "./outline.ts";
import type { Segment } from "./segment.ts";
import { TemplateScanner } from "./template-scanner.ts";

/** The literal strings of a tagged template, compiled: what to write around its parts, and how to escape them. */
export interface Template {
  readonly strings: readonly string[];
  readonly segments: readonly Segment[];
  readonly outline: Outline;
  /** What each holder of the outline writes inside itself. */
  readonly contents: ReadonlyMap<Holder, readonly Segment[]>;
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
  const scanned = new TemplateScanner(strings).scan();
  const { outline } = scanned;
  const segments = outline.isSingleRoot ? trim(scanned.segments) : scanned.segments;
  const holders = new Set(outline.holders.filter((holder) => holder !== undefined));
  const contents = new Map(
    Array.from(holders, (holder) => [holder, merge(segments.slice(holder.from, holder.to))] as const),
  );
  const template = { strings, segments: merge(segments), outline, contents };
  compiled.set(strings, template);
  return template;
}

/**
 * Without the white space around the root: between the items of a list it would be text that belongs to nobody,
 * left behind when an item goes.
 */
function trim(segments: readonly Segment[]): readonly Segment[] {
  return segments.map((segment, index) => {
    if (typeof segment !== "string") return segment;
    const start = index === 0 ? segment.trimStart() : segment;
    return index === segments.length - 1 ? start.trimEnd() : start;
  });
}

/** Joins neighbouring literals, which were cut at every tag, and leaves out anchors that nothing needs. */
function merge(segments: readonly Segment[]): readonly Segment[] {
  const merged: Segment[] = [];
  for (const segment of segments) {
    if (typeof segment === "object" && segment.kind === "anchor" && segment.part === -1) continue;
    const last = merged.at(-1);
    if (typeof segment === "string" && typeof last === "string") merged[merged.length - 1] = last + segment;
    else merged.push(segment);
  }
  return merged;
}
