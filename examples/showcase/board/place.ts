/** A place among the cards of the board: which lane, and how many cards stand in front of it there. */
export interface CarriedPlace {
  readonly lane: number;
  readonly index: number;
}

/** Keys that move a card that is carried. */
export type CarryKey = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "Home" | "End";

const STEPS: Readonly<Record<CarryKey, (place: CarriedPlace, lengths: readonly number[]) => CarriedPlace>> = {
  ArrowUp: ({ lane, index }) => ({ lane, index: index - 1 }),
  ArrowDown: ({ lane, index }) => ({ lane, index: index + 1 }),
  ArrowLeft: ({ lane, index }) => ({ lane: lane - 1, index }),
  ArrowRight: ({ lane, index }) => ({ lane: lane + 1, index }),
  Home: ({ lane }) => ({ lane, index: 0 }),
  End: ({ lane }, lengths) => ({ lane, index: lengths[lane] ?? 0 }),
};

/** Whether a key moves what is carried. */
export function isCarryKey(key: string): key is CarryKey {
  return Object.hasOwn(STEPS, key);
}

/** The place to which a key moves what is carried: the same one at the edge of the board. `lengths`: cards of each lane, without the one that is carried. */
export function steppedPlace(place: CarriedPlace, key: CarryKey, lengths: readonly number[]): CarriedPlace {
  return withinBoard(STEPS[key](place, lengths), lengths);
}

/** The nearest place that there is: others may have taken cards away. */
export function withinBoard({ lane, index }: CarriedPlace, lengths: readonly number[]): CarriedPlace {
  const there = Math.min(Math.max(lane, 0), Math.max(lengths.length - 1, 0));
  return { lane: there, index: Math.min(Math.max(index, 0), lengths[there] ?? 0) };
}
