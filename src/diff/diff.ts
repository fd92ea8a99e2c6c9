import { ATTRIBUTES } from "../protocol/names.ts";
import {
  ATTRIBUTE_EDIT,
  CONTENT_EDIT,
  type Edit,
  type FragmentPatch,
  type Patch,
  REPLACE_EDIT,
} from "../protocol/patch.ts";
import type { Holder, Path } from "../render/outline.ts";
import {
  childAddress,
  isFragment,
  renderAttribute,
  renderContent,
  renderFragment,
  renderPart,
} from "../render/render.ts";
import type { AttributeSlot, Segment } from "../render/segment.ts";
import { type Part, View } from "../render/view.ts";
import { diffLists, isPatchable } from "./diff-lists.ts";

/** Where a view's elements are: counted from the element of the fragment with this address, down this path. */
export interface Place {
  /** The fragment's address; empty for `<body>`. */
  readonly address: string;
  /** From the fragment's element to the element that holds the view's roots. Absent: the view is the fragment. */
  readonly inside: Path | undefined;
  /** What the addresses of the view's parts begin with. */
  readonly base: string;
}

/** A content part, and the smallest element around it that can be found. */
interface PartInHolder {
  readonly part: number;
  readonly holder: Holder;
}

/**
 * Compares two renders of a page, part by part, and tells what a browser that shows the first must change to
 * show the second. Costs one comparison for each part of the page, and work and bytes for those that differ.
 *
 * @param before what the browser shows
 * @param after what it should show
 * @returns an empty patch when both show the same; `undefined` when they are different documents
 */
export function diffPages(before: View, after: View): Patch | undefined {
  if (before.template !== after.template) return undefined;
  const differ = new Differ();
  differ.view(before, after, { address: "", inside: [], base: "" });
  return differ.patch;
}

/** Collects the edits of one comparison by fragment. */
class Differ {
  readonly #fragments = new Map<string, Edit[]>();

  get patch(): Patch {
    return Array.from(this.#fragments, ([address, edits]): FragmentPatch => [address, ...edits]);
  }

  edit(address: string, edit: Edit): void {
    const edits = this.#fragments.get(address);
    if (edits === undefined) this.#fragments.set(address, [edit]);
    else edits.push(edit);
  }

  /** Compares two views of one template. */
  view(before: View, after: View, place: Place): void {
    if (before === after) return;
    const { template } = after;
    const changed = new Set<Holder>();
    for (const segment of template.segments) {
      if (typeof segment === "string" || segment.kind === "mark" || segment.kind === "address") continue;
      const part = segment.kind === "content" ? segment.part : (segment.parts[0] ?? 0);
      const holder = template.outline.holders[part];
      // A part outside <body> is not brought along.
      if (holder === undefined) continue;
      const isDone =
        segment.kind === "content"
          ? this.#content(before, after, { part, holder }, place)
          : this.#attribute(before, after, segment, place);
      if (!isDone) changed.add(holder);
    }
    for (const holder of changed) if (!isInside(holder, changed)) this.#redraw(before, after, holder, place);
  }

  /** Compares what stands at one address, where both are fragments. */
  fragment(before: View, after: View, address: string): void {
    if (before.template !== after.template) {
      this.edit(address, ["", REPLACE_EDIT, renderFragment(after, address)]);
      return;
    }
    this.view(before, after, { address, inside: undefined, base: address });
  }

  /** True when the attribute is the same, or its change is on record. */
  #attribute(before: View, after: View, slot: AttributeSlot, place: Place): boolean {
    if (slot.parts.every((part) => isSameValue(before.parts[part], after.parts[part]))) return true;
    const wanted = renderAttribute(after, slot);
    if (renderAttribute(before, slot) === wanted) return true;
    const path = after.template.outline.attributePaths[slot.parts[0] ?? 0];
    if (path === undefined) return false;
    this.edit(place.address, [
      pathText(place, path),
      ATTRIBUTE_EDIT,
      slot.name,
      attributeValue(slot, wanted),
    ]);
    return true;
  }

  /** True when the part shows the same, or its changes are on record; false when its holder has to be redrawn. */
  #content(before: View, after: View, { part, holder }: PartInHolder, place: Place): boolean {
    const [old, wanted] = [before.parts[part], after.parts[part]];
    if (isSameValue(old, wanted)) return true;
    const address = childAddress(place.base, part);
    if (old instanceof View && wanted instanceof View) {
      if (isFragment(old) && isFragment(wanted)) {
        this.fragment(old, wanted, address);
        return true;
      }
      if (holder.isSole && old.template === wanted.template) {
        this.view(old, wanted, { ...place, inside: insideOf(place, holder.path), base: address });
        return true;
      }
    }
    if (isPatchable(old) && isPatchable(wanted)) {
      diffLists(old, wanted, address, this);
      return true;
    }
    return renderPart(before, part, place.base) === renderPart(after, part, place.base);
  }

  #redraw(before: View, after: View, holder: Holder, place: Place): void {
    const segments = after.template.contents.get(holder) ?? [];
    const path = pathText(place, holder.path);
    if (
      holder.isText &&
      segments.every((segment) => showsText(segment, before) && showsText(segment, after))
    ) {
      this.edit(place.address, [path, textOf(after, segments)]);
      return;
    }
    const keeps = (part: number) =>
      placeholder(before.parts[part], after.parts[part], childAddress(place.base, part));
    this.edit(place.address, [path, CONTENT_EDIT, renderContent(after, segments, place.base, keeps)]);
  }
}

/** Stands for what was patched by itself, or did not change, while its surroundings are redrawn. */
function placeholder(before: Part, after: Part, address: string): string | undefined {
  const stand = (name: string) => `<template ${name}="${address}"></template>`;
  if (before instanceof View && after instanceof View) {
    return isFragment(before) && isFragment(after) ? stand(ATTRIBUTES.address) : undefined;
  }
  return isPatchable(before) && isPatchable(after) ? stand(ATTRIBUTES.list) : undefined;
}

function isInside(holder: Holder, others: ReadonlySet<Holder>): boolean {
  for (const other of others) {
    if (other !== holder && other.from <= holder.from && holder.to <= other.to) return true;
  }
  return false;
}

/** The same without looking deeper: equal text, or one object shown twice. */
function isSameValue(before: Part, after: Part): boolean {
  return Object.is(before, after) && !Array.isArray(after);
}

function showsText(segment: Segment, view: View): boolean {
  if (typeof segment === "string") return !segment.includes("<");
  if (segment.kind !== "content") return false;
  const value = view.parts[segment.part];
  return value === null || value === undefined || typeof value !== "object";
}

/** The text that the browser shows, entities of the literal strings undone by the client. */
function textOf(view: View, segments: readonly Segment[]): string {
  return renderContent(view, segments, "", () => undefined);
}

/** From ` name="value"` as HTML to the value as HTML; `null` when the attribute is left out. */
function attributeValue(slot: AttributeSlot, html: string): string | null {
  return html === "" ? null : html.slice(slot.name.length + 3, -1);
}

function insideOf(place: Place, path: Path): Path {
  // The root element of a fragment is the fragment itself.
  return place.inside === undefined ? path.slice(1) : [...place.inside, ...path];
}

function pathText(place: Place, path: Path): string {
  return insideOf(place, path).join(".");
}
