import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";

type PlaceUpdate = Extract<Update, readonly ["at", ...unknown[]]>;

/**
 * Remembers the places in topics that updates tell of: the last in each topic, of those topics that were told of last.
 *
 * @param positions by the keys of topics; written to
 * @returns the other updates, which change the page
 */
export function takePlaces(updates: readonly Update[], positions: Record<string, string>): readonly Update[] {
  for (const [, topic, position] of updates.filter(isPlace)) {
    delete positions[topic];
    positions[topic] = position;
  }
  for (const topic of Object.keys(positions).slice(0, -CLIENT_LIMITS.keptPositions)) delete positions[topic];
  return updates.filter((update) => !isPlace(update));
}

function isPlace(update: Update): update is PlaceUpdate {
  return update[0] === "at";
}
