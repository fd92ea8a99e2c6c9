import { type Edit, type FragmentPatch, REPLACE_EDIT } from "../protocol/patch.ts";
import {
  anchorAddress,
  baseOf,
  childAddress,
  FRAGMENT_STAYS,
  LIST_STAYS,
  type WireValue,
} from "../protocol/wire-view.ts";
import type { Holder, Path, Spot } from "../render/outline.ts";
import { Region } from "../render/region.ts";
import {
  attributeHtml,
  isFragment,
  regionPlaceholder,
  renderPart,
  renderText,
  renderTitle,
} from "../render/render.ts";
import type { AttributeSlot, Segment } from "../render/segment.ts";
import { type Part, TrustedHtml, View } from "../render/view.ts";
import { type WireTemplate, WireWriter } from "../render/wire.ts";
import { cutPart } from "./cut-part.ts";
import { diffLists, isPatchable } from "./diff-lists.ts";
import { Digest } from "./digest.ts";

/** What a browser has to do to show another render. */
export interface PageDiff {
  /** Empty when both show the same. */
  readonly patches: readonly FragmentPatch[];
  /** The new title, as HTML text, when it is another; one that is gone is left as it was. */
  readonly title: string | undefined;
  /** The templates that the patches name. */
  readonly templates: readonly WireTemplate[];
  /** The regions that the patches hold whole. */
  readonly regions: readonly Region[];
  /** That of the second render. */
  readonly digest: Digest;
}

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
 * @param before what the browser shows, and its digest
 * @param after what it should show
 * @returns `undefined` when they are different documents
 */
export function diffPages(
  before: { readonly view: View; readonly digest: Digest },
  after: View,
): PageDiff | undefined {
  if (before.view.template !== after.template) return undefined;
  const differ = new Differ(before.digest);
  differ.view(before.view, after, { address: "", inside: [], base: "" });
  const { patches, writer, digest } = differ;
  const [old, title] = [renderTitle(before.view), renderTitle(after)];
  const { templates, regions } = writer;
  if (old === title) return { patches, title: undefined, templates, regions, digest };
  digest.title(old, -1);
  digest.title(title, 1);
  return { patches, title, templates, regions, digest };
}

/**
 * The same for two renders of a fragment that is by itself.
 *
 * @param address its own, and what those of its parts begin with
 */
export function diffFragments(
  before: View,
  after: View,
  address: string,
): Pick<PageDiff, "patches" | "templates"> {
  const differ = new Differ(new Digest());
  differ.fragment(before, after, address);
  return { patches: differ.patches, templates: differ.writer.templates };
}

/** Collects the edits of one comparison by fragment. */
class Differ {
  readonly writer = new WireWriter();
  readonly digest: Digest;
  readonly #fragments = new Map<string, Edit[]>();

  constructor(digest: Digest) {
    this.digest = digest.copy();
  }

  get patches(): readonly FragmentPatch[] {
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
      if (typeof segment === "string") continue;
      if (segment.kind !== "content" && segment.kind !== "attribute") continue;
      const part = segment.kind === "content" ? segment.part : (segment.parts[0] ?? 0);
      const holder = template.outline.holders[part];
      // What no update reaches is not brought along.
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
    if (before.template === after.template)
      return this.view(before, after, { address, inside: undefined, base: address });
    this.digest.view(before, address, -1);
    this.digest.view(after, address, 1);
    this.edit(address, [REPLACE_EDIT, this.writer.view(after)]);
  }

  /** True when the attribute is the same, or its change is on record. */
  #attribute(before: View, after: View, slot: AttributeSlot, place: Place): boolean {
    if (slot.parts.every((part) => isSameValue(before.parts[part], after.parts[part]))) return true;
    const wanted = attributeHtml(after, slot);
    if (attributeHtml(before, slot) === wanted) return true;
    this.digest.attribute(before, slot, place.base, -1);
    this.digest.attribute(after, slot, place.base, 1);
    const spot = after.template.outline.attributeSpots[slot.parts[0] ?? 0];
    if (spot === undefined) return false;
    const { address, inside = [] } = placeOf(spot, place);
    this.edit(address, [inside.join("."), slot.name, wanted]);
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
        this.view(old, wanted, { ...placeOf(holder, place), base: address });
        return true;
      }
    }
    if (isPatchable(old) && isPatchable(wanted)) {
      diffLists(old, wanted, address, this);
      return true;
    }
    this.digest.part(old, address, -1);
    this.digest.part(wanted, address, 1);
    if (renderPart(before, part, place.base) === renderPart(after, part, place.base)) return true;
    if (!(old instanceof TrustedHtml && wanted instanceof TrustedHtml)) return false;
    // Ids are looked for in the fragment that shows them.
    return holder.isFlow && cutPart(old.html, wanted.html, placeOf(holder, place).address, this);
  }

  #redraw(before: View, after: View, holder: Holder, place: Place): void {
    const segments = after.template.contents.get(holder) ?? [];
    const { address, inside = [] } = placeOf(holder, place);
    const path = inside.join(".");
    const isText =
      holder.isText && segments.every((segment) => showsText(segment, before) && showsText(segment, after));
    if (isText) return this.edit(address, [path, renderText(after, segments)]);
    const { holders } = after.template.outline;
    const stays = (part: number) => holders[part] && whatStays(before.parts[part], after.parts[part]);
    const content = this.writer.content(after, segments, stays);
    const suffix = place.base.slice(baseOf(address).length);
    this.edit(address, suffix === "" ? [path, content] : [path, content, suffix]);
  }
}

/** What was patched by itself, or did not change, stays in the page while its surroundings are redrawn. */
function whatStays(before: Part, after: Part): WireValue | undefined {
  if (before instanceof View && after instanceof View) {
    return isFragment(before) && isFragment(after) ? FRAGMENT_STAYS : undefined;
  }
  if (isSameRegion(before, after)) return regionPlaceholder(after);
  return isPatchable(before) && isPatchable(after) ? LIST_STAYS : undefined;
}

function isInside(holder: Holder, others: ReadonlySet<Holder>): boolean {
  for (const other of others) {
    if (other !== holder && other.from <= holder.from && holder.to <= other.to) return true;
  }
  return false;
}

/** The same without looking deeper: equal text, one region, or one object shown twice. */
function isSameValue(before: Part, after: Part): boolean {
  return (Object.is(before, after) && !Array.isArray(after)) || isSameRegion(before, after);
}

function isSameRegion(before: Part, after: Part): after is Region {
  return before instanceof Region && after instanceof Region && before.name === after.name;
}

function showsText(segment: Segment, view: View): boolean {
  if (typeof segment === "string") return !segment.includes("<");
  if (segment.kind !== "content") return false;
  const value = view.parts[segment.part];
  return value === null || value === undefined || typeof value !== "object";
}

/** Where an element of a view is in the page. */
function placeOf({ path, anchor }: Spot, place: Place): Place {
  if (anchor !== undefined)
    return { ...place, address: anchorAddress(place.base, anchor.part), inside: path };
  // The root element of a fragment is the fragment itself.
  const inside = place.inside === undefined ? path.slice(1) : [...place.inside, ...path];
  return { ...place, inside };
}
