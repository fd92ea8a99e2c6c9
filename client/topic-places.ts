import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";
import { STREAM_FROM, UPDATES_FOR } from "../src/protocol/stream-names.ts";

const FOLLOWING = `${STREAM_FROM},${UPDATES_FOR}`;

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

/**
 * Forgets the places that were told to a page which another has taken the place of: that shows what was published when it was rendered.
 * What elements go on following was told to both.
 *
 * @param positions written to
 */
export function forgetPlaces(document: Document, positions: Record<string, string>): void {
  const elements = document.querySelectorAll<Element & { readonly key?: string }>(FOLLOWING);
  const kept = Array.from(elements, ({ key }) => key);
  for (const topic of Object.keys(positions)) if (!kept.includes(topic)) delete positions[topic];
}
