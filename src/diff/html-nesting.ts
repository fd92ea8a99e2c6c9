import {
  AROUND_ITEMS,
  DISPLACED,
  ENDS_PARAGRAPH,
  FRAMES,
  HEADINGS,
  ITEM_RIVALS,
  NEVER_WITHIN_ITSELF,
  ONLY_IN,
} from "../render/html-elements.ts";

/** An element that an HTML element begins in. */
interface Ancestor {
  readonly tag: string;
}

/**
 * True when every browser puts an HTML element where its start tag is, and ends nothing by it. Errs on the side of
 * false: a `<div>` in a `<button>` in a `<p>` would be left alone.
 *
 * @param tag in lower case
 * @param ancestors outermost first; empty at the top, which is taken for flow content
 */
export function nestsAsWritten(tag: string, ancestors: readonly Ancestor[]): boolean {
  const parent = ancestors.at(-1)?.tag ?? "";
  if (DISPLACED.has(tag) || !mayBeChild(tag, parent)) return false;
  if (HEADINGS.has(tag) && HEADINGS.has(parent)) return false;
  if (ENDS_PARAGRAPH.has(tag) && nearest(ancestors, (other) => other === "p") === "p") return false;
  if (NEVER_WITHIN_ITSELF.has(tag) && nearest(ancestors, (other) => other === tag) === tag) return false;
  const rivals = ITEM_RIVALS.get(tag);
  if (rivals === undefined) return true;
  return !rivals.includes(nearest(ancestors, (other) => rivals.includes(other) || AROUND_ITEMS.has(other)));
}

function mayBeChild(tag: string, parent: string): boolean {
  const parents = ONLY_IN.get(tag);
  // A <template> begins in whatever way its content needs, and keeps all of it.
  return parents === undefined ? !FRAMES.has(parent) : parent === "template" || parents.includes(parent);
}

/** Looks outwards for a tag, up to a `<template>`, since nothing in one ends what is around it. */
function nearest(ancestors: readonly Ancestor[], isWanted: (tag: string) => boolean): string {
  return ancestors.findLast(({ tag }) => tag === "template" || isWanted(tag))?.tag ?? "";
}
