import { ATTRIBUTES } from "../src/protocol/names.ts";
import { morphContent, morphWhole } from "./morph.ts";
import { isInPermanent, parseInside } from "./nodes.ts";

/** The page as the operation says it, whoever put into it what is there. */
const FOREIGN_TO_NONE = { isForeign: () => false };

/** Says of an element that it is permanent during one morph. */
const MEANWHILE = "meanwhile";

/** How an operation morphs. */
interface MorphOptions {
  /** The HTML is what is in the element; else the element itself. */
  readonly childrenOnly: boolean;
  /** Elements with this attribute are permanent, too. Empty: none. */
  readonly permanentName: string;
}

/** Brings an element to HTML. Permanent elements, and what the visitor is typing, stay as they are. */
export function morphTo(element: Element, html: string, options: MorphOptions): void {
  if (!isInPermanent(element)) morphAnyway(element, html, options);
}

/** The same of an element that is permanent, or in one that is. */
export function morphAnyway(
  element: Element,
  html: string,
  { childrenOnly, permanentName }: MorphOptions,
): void {
  const morph = childrenOnly ? morphContent : morphWhole;
  if (permanentName === "") return void morph(element, html, FOREIGN_TO_NONE);
  // In what is new as well: an element is no counterpart of a permanent one that is not.
  const wanted = parseInside(childrenOnly ? element : (element.parentElement ?? element), html);
  const unmarked = `[${permanentName}]:not([${ATTRIBUTES.permanent}])`;
  for (const root of [element, wanted])
    for (const each of root.querySelectorAll(unmarked)) each.setAttribute(ATTRIBUTES.permanent, MEANWHILE);
  const around = element.parentElement ?? element;
  morph(element, wanted.innerHTML, FOREIGN_TO_NONE);
  for (const each of around.querySelectorAll(`[${ATTRIBUTES.permanent}=${MEANWHILE}]`))
    each.removeAttribute(ATTRIBUTES.permanent);
}

/** No update of the page takes the element away from then on. */
export function markPermanent(element: Element): void {
  element.setAttribute(ATTRIBUTES.permanent, "");
}
