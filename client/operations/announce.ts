import { markPermanent } from "../operation-morphs.ts";
import { type LiveOperation, textOf } from "./live-operation.ts";

/** How long a new live region is there before something is said in it, in milliseconds: screen readers notice no sooner. */
const NOTICE_MS = 100;

/** Texts that a region keeps: several that come at once are all read. */
const KEPT = 5;

/** A live region, and what ends when it may be spoken in: absent once it may. */
interface Region {
  readonly element: HTMLElement;
  noticed: Promise<void> | undefined;
}

const regions = new Map<string, Region>();

/**
 * Has screen readers say a text: when they are done with what they say, or at once for what cannot wait (`assertive`). The regions
 * are the page's for good, out of sight.
 */
export function announce(operation: LiveOperation): Promise<void> | undefined {
  const politeness = operation.politeness === "assertive" ? "assertive" : "polite";
  const text = textOf(operation, "text");
  const present = regions.get(politeness);
  const { element, noticed } = present?.element.isConnected ? present : newRegion(politeness);
  // Texts that come while a new region is noticed wait as the first one does, so that none overtakes it.
  return noticed === undefined ? say(element, text) : noticed.then(() => say(element, text));
}

function newRegion(politeness: string): Region {
  const element = document.createElement("div");
  element.setAttribute("aria-live", politeness);
  markPermanent(element);
  // Out of sight, and no part of what can be scrolled to; what is not displayed is not read.
  element.style.cssText = "position:fixed;clip-path:inset(50%)";
  document.body.append(element);
  const region: Region = { element, noticed: undefined };
  region.noticed = new Promise<void>((resolve) => setTimeout(resolve, NOTICE_MS)).then(() => {
    region.noticed = undefined;
  });
  regions.set(politeness, region);
  return region;
}

/** A paragraph of its own is read also when it says what the one before said. */
function say(region: HTMLElement, text: string): undefined {
  while (region.childElementCount >= KEPT) region.firstElementChild?.remove();
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  region.append(paragraph);
}
