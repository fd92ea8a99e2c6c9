import { positionOf, positionText, type RegionChange } from "./topic-messages.ts";

/** What a topic's root says of the region that it renders. */
export type RegionAnswer =
  /** `html` absent: it is as at the place that was asked with. */
  | { readonly kind: "region"; readonly place: string; readonly html?: string | undefined }
  /** Classes of errors do not cross remote calls. */
  | { readonly kind: "failed"; readonly message: string };

/** The root of a topic that is a region, as sessions reach it. */
export interface RegionNode {
  /**
   * What the region shows.
   *
   * @param place of what the caller has; absent: nothing
   */
  region(place?: string): Promise<RegionAnswer>;
}

/** The place of a region behind one of its publications. */
export function placeBehind(life: string, seq: number): string {
  return positionText({ epoch: life, seq });
}

/**
 * What a change is to a page: it has it already; it takes it; or it lacks what the change rests on, or what the change is.
 *
 * @param place of the region as the page shows it; absent: nobody knows
 * @param seq the number of the publication that tells the change
 */
export function stepOf(
  place: string | undefined,
  seq: number,
  { life, base, updates }: RegionChange,
): "has" | "takes" | "lacks" {
  const at = place === undefined ? undefined : positionOf(place);
  // Publications are counted through all lives of the region.
  if (at !== undefined && at.seq >= seq) return "has";
  if (updates === undefined) return "lacks";
  return base === undefined || (at?.epoch === life && at.seq === base) ? "takes" : "lacks";
}
