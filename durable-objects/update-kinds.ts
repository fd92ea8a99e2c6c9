import type { Update } from "../src/protocol/messages.ts";

/** True for what concerns the browser, wherever the tab is. */
export function isForBrowser([kind]: Update): boolean {
  return kind === "visit" || kind === "errand";
}

/** True for an operation: what it does to the page is no part of what the server knows of it, as with a script's. */
export function isOperation([kind]: Update): boolean {
  return kind === "op";
}
