import type { Edit } from "../protocol/patch.ts";
import { renderToString } from "../render/render.ts";
import type { View } from "../render/view.ts";
import type { WireWriter } from "../render/wire.ts";
import { type Cut, cutHtml } from "./cut-html.ts";

/** Who is told where opaque HTML is cut. */
export interface CutListener {
  edit(address: string, edit: Edit): void;
  readonly writer: WireWriter;
}

/** HTML that was made elsewhere, shown by a part of two views. */
export interface OpaqueChange {
  readonly before: string;
  readonly after: string;
  /** The views that show it, and in whose element the ids are looked for. */
  readonly views: readonly [before: View, after: View];
}

/** What no attribute spells in another way, so that counting it in the text is counting elements. */
const PLAIN_ID = /^[\w-]+$/;

/**
 * Finds the elements with an id that changed in HTML that was made elsewhere.
 *
 * @param address of the fragment that the views are
 * @returns false when that is not all that changed, or an id does not tell the element from others
 */
export function cutPart(change: OpaqueChange, address: string, listener: CutListener): boolean {
  const cuts = cutHtml(change.before, change.after);
  if (cuts === undefined || !areUnique(cuts, change.views)) return false;
  for (const { id, html } of cuts) listener.edit(`${address}#${id}`, ["", listener.writer.html(html)]);
  return true;
}

/** What stands beside the part may have an element of the same id. */
function areUnique(cuts: readonly Cut[], views: readonly View[]): boolean {
  if (cuts.length === 0) return true;
  const texts = views.map(renderToString);
  return cuts.every(({ id }) => {
    const pattern = new RegExp(`[\\s"']id\\s*=\\s*["']?${id}(?![\\w-])`, "gi");
    return PLAIN_ID.test(id) && texts.every((text) => text.match(pattern)?.length === 1);
  });
}
