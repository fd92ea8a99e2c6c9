import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";

/** Says how far the page was told of a topic: what stands behind it in its frame is of that topic. */
export type PlaceUpdate = Extract<Update, readonly ["at", ...unknown[]]>;

/** True for an update that changes nothing of the page. */
export function isPlace(update: Update): update is PlaceUpdate {
  return update[0] === "at";
}

/**
 * Remembers the places in topics that updates tell of: the last in each topic, of those topics that were told of last.
 *
 * @param positions by the keys of topics; written to
 */
export function rememberPlaces(updates: readonly Update[], positions: Record<string, string>): void {
  for (const [, topic, position] of updates.filter(isPlace)) {
    delete positions[topic];
    positions[topic] = position;
  }
  for (const topic of Object.keys(positions).slice(0, -CLIENT_LIMITS.keptPositions)) delete positions[topic];
}
