import { markPermanent } from "../operation-morphs.ts";
import { type LiveOperation, textOf } from "./live-operation.ts";

/** How long a new live region is there before something is said in it, in milliseconds: screen readers notice no sooner. */
const NOTICE_MS = 100;

/** Texts that a region keeps: several that come at once are all read. */
const KEPT = 5;

const regions = new Map<string, HTMLElement>();

/**
 * Has screen readers say a text: when they are done with what they say, or at once for what cannot wait (`assertive`). The regions
 * are the page's for good, out of sight.
 */
export function announce(operation: LiveOperation): Promise<void> | undefined {
  const politeness = operation.politeness === "assertive" ? "assertive" : "polite";
  const text = textOf(operation, "text");
  const present = regions.get(politeness);
  if (present?.isConnected) return say(present, text);
  const region = document.createElement("div");
  region.setAttribute("aria-live", politeness);
  markPermanent(region);
  // Out of sight, and no part of what can be scrolled to; what is not displayed is not read.
  region.style.cssText = "position:fixed;clip-path:inset(50%)";
  document.body.append(region);
  regions.set(politeness, region);
  return new Promise((resolve) => setTimeout(resolve, NOTICE_MS)).then(() => say(region, text));
}

/** A paragraph of its own is read also when it says what the one before said. */
function say(region: HTMLElement, text: string): undefined {
  while (region.childElementCount >= KEPT) region.firstElementChild?.remove();
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  region.append(paragraph);
}
