import { HtmlReader, type Region } from "./html-reader.ts";

/** Bring the content of the element with this id to this HTML. */
export interface Cut {
  readonly id: string;
  readonly html: string;
}

/**
 * Finds the smallest elements with an `id` that hold all that differs between two texts of HTML that was made
 * elsewhere. An element is cut where the text between the elements with ids inside it differs, their start tags
 * included; where only what is in these differs, they are looked at instead. Costs one reading of each text.
 *
 *     <ul id=a><li id=b>1</li><li id=c>2</li></ul>   →   <ul id=a><li id=b>1</li><li id=c>3</li></ul>   c: "3"
 *
 * Both texts stand where flow content may, as in `<body>` or `<div>`, and in no `<p>`, `<a>`, `<b>`, `<form>` or the like
 * that they could end. Never throws.
 *
 * @param before what the page was made of
 * @param after what it should be made of
 * @returns cuts of which none is inside another, in any order to be made, their HTML as it is written in `after`.
 *   None when both texts say the same, content of permanent elements aside. `undefined` when something differs that
 *   is in no element with an id, or when a browser might build other elements than are written
 */
export function cutHtml(before: string, after: string): readonly Cut[] | undefined {
  if (before === after) return [];
  const old = new HtmlReader(before).read();
  const wanted = old === undefined ? undefined : new HtmlReader(after).read();
  if (old === undefined || wanted === undefined) return undefined;
  const isShared = (id: string) => old.ids.get(id) === 1 && wanted.ids.get(id) === 1;
  return new Comparison({ before, after, isShared }).cuts(old.root, wanted.root);
}

interface Texts {
  readonly before: string;
  readonly after: string;
  /** True for an id that names one element in each of both. */
  isShared(id: string): boolean;
}

class Comparison {
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** `undefined` when the regions differ in more than what is in the regions inside. */
  cuts(old: Region, wanted: Region): readonly Cut[] | undefined {
    const before = Array.from(this.#inside(old));
    const after = Array.from(this.#inside(wanted));
    if (!this.#haveEqualSkeletons([old, before], [wanted, after])) return undefined;
    return before.flatMap((child, index) => {
      const counterpart = after[index];
      // Equal skeletons have equally many.
      return counterpart === undefined ? [] : this.#cutsAt(child, counterpart);
    });
  }

  #cutsAt(old: Region, wanted: Region): readonly Cut[] {
    // A permanent element's content is the visitor's.
    if (wanted.id === undefined) return [];
    const html = this.#texts.after.slice(wanted.from, wanted.to);
    return this.cuts(old, wanted) ?? [{ id: wanted.id, html }];
  }

  /** The outermost regions that both texts can be cut at. */
  *#inside(region: Region): Iterable<Region> {
    for (const child of region.inside) {
      if (child.id === undefined || this.#texts.isShared(child.id)) yield child;
      else yield* this.#inside(child);
    }
  }

  /** A skeleton is what is left of a region without the regions inside; their start tags are left. */
  #haveEqualSkeletons(
    [old, before]: readonly [Region, readonly Region[]],
    [wanted, after]: readonly [Region, readonly Region[]],
  ): boolean {
    if (before.length !== after.length) return false;
    let [from, to] = [old.from, wanted.from];
    const isEqualUpTo = (end: number, wantedEnd: number) =>
      this.#texts.before.slice(from, end) === this.#texts.after.slice(to, wantedEnd);
    for (const [index, region] of before.entries()) {
      const counterpart = after[index];
      if (counterpart === undefined || !isEqualUpTo(region.from, counterpart.from)) return false;
      [from, to] = [region.to, counterpart.to];
    }
    return isEqualUpTo(old.to, wanted.to);
  }
}
