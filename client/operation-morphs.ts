import { ATTRIBUTES } from "../src/protocol/names.ts";
import { morphContent, morphWhole } from "./morph.ts";
import { isInPermanent } from "./nodes.ts";

/** The page as the operation says it, whoever put into it what is there. */
const FOREIGN_TO_NONE = { isForeign: () => false };

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
  const own = `[${ATTRIBUTES.permanent}]`;
  const marked = permanentName === "" ? [] : element.querySelectorAll(`[${permanentName}]:not(${own})`);
  for (const each of marked) markPermanent(each);
  (childrenOnly ? morphContent : morphWhole)(element, html, FOREIGN_TO_NONE);
  for (const each of marked) each.removeAttribute(ATTRIBUTES.permanent);
}

/** No update of the page takes the element away from then on. */
export function markPermanent(element: Element): void {
  element.setAttribute(ATTRIBUTES.permanent, "");
}
