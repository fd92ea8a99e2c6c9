import { ATTRIBUTES } from "../src/protocol/names.ts";

/**
 * What an element asks for while the page is offline, by `data-reflex-offline` on it or around it, the nearest first: its calls
 * wait (`queue`, as without a word), fail at once (`refuse`), or cannot be made (`disable`).
 */
export function offlinePolicy(element: Element): string {
  return element.closest(`[${ATTRIBUTES.offline}]`)?.getAttribute(ATTRIBUTES.offline) ?? "queue";
}
