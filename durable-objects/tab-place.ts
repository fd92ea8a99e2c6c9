import type { Tab } from "./tab.ts";

/** A tab that has said where it is. */
export type LocatedTab = Tab & { readonly url: URL };

/** True for a tab that has said where it is. */
export function isLocated(tab: Tab): tab is LocatedTab {
  return tab.url !== undefined;
}

/** True while a tab is where it was: each location that it tells makes a `URL` of its own, the same address included. */
export function isAt(tab: Tab, url: URL): boolean {
  return tab.url === url;
}
