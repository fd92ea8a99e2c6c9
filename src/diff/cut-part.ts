import type { Edit } from "../protocol/patch.ts";
import type { WireWriter } from "../render/wire.ts";
import { cutHtml } from "./cut-html.ts";

/** Who is told where opaque HTML is cut. */
export interface CutListener {
  edit(address: string, edit: Edit): void;
  readonly writer: WireWriter;
}

/**
 * Finds the elements with an id that changed in HTML that was made elsewhere. What stands beside it may have elements
 * of the same ids: the client, which looks for them, asks for the fragment then.
 *
 * @param address of the fragment that the HTML is shown in: there the ids are looked for
 * @returns false when that is not all that changed
 */
export function cutPart(before: string, after: string, address: string, listener: CutListener): boolean {
  const cuts = cutHtml(before, after);
  for (const { id, html } of cuts ?? []) listener.edit(`${address}#${id}`, ["", listener.writer.html(html)]);
  return cuts !== undefined;
}
