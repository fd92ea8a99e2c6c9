import type { Update } from "../src/protocol/messages.ts";

/** True for what concerns the browser, wherever the tab is. */
export function isForBrowser([kind]: Update): boolean {
  return kind === "visit" || kind === "errand";
}

/** True for what says nothing of what a page shows: a tab takes it wherever it is, and shows afterwards what it showed before. */
export function isBesidePage(update: Update): boolean {
  return isForBrowser(update) || isOperation(update);
}

/** True for an operation: what it does to the page is no part of what the server knows of it, as with a script's. */
export function isOperation([kind]: Update): boolean {
  return kind === "op";
}
