import { changedByBoth } from "./changed-names.ts";
import type { Item, Published } from "./topic-messages.ts";

type Touch = Extract<Published, { kind: "touch" }>;

/**
 * The items without those that a later one makes needless: of touches in a row the last, which says what all of them did, and of changes
 * of the roster the last. Operations and regions end a row: a page is to be as it was when they are carried out.
 */
export function withoutNeedless(items: readonly Item[]): readonly Item[] {
  const left: Item[] = [];
  /** Where in `left` the touch and the roster of this row are. */
  let row = new Map<Published["kind"], Item>();
  for (const item of items) {
    const { kind } = item.published;
    const isRow = kind === "touch" || kind === "roster";
    const before = isRow ? row.get(kind) : undefined;
    if (!isRow) row = new Map();
    if (before !== undefined) left.splice(left.indexOf(before), 1);
    const one = before === undefined ? item : merged(before, item);
    if (isRow) row.set(kind, one);
    left.push(one);
  }
  return left;
}

/** One item for two of a kind. */
function merged(before: Item, item: Item): Item {
  if (before.published.kind !== "touch" || item.published.kind !== "touch") return item;
  return { seq: item.seq, published: touchOfBoth(before.published, item.published) };
}

function touchOfBoth(one: Touch, other: Touch): Touch {
  // Where one of them does not say what has changed, nobody knows; and the page of one author does not show what the other did.
  const changed = changedByBoth(one.changed, other.changed);
  const author = one.author === other.author ? one.author : undefined;
  return {
    kind: "touch",
    ...(changed === undefined ? {} : { changed }),
    ...(author === undefined ? {} : { author }),
  };
}
