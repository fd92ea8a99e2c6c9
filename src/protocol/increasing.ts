/**
 * The places of a longest increasing subsequence (patience sorting, O(n log n)): what may stay while the rest of
 * a list moves around it.
 *
 *     [3, 0, 1, 4, 2]   →   places 1, 2, 3   (0 < 1 < 4)
 *
 * @param numbers negative ones take no part
 * @returns places in `numbers`
 */
export function longestIncreasing(numbers: readonly number[]): ReadonlySet<number> {
  /** For each length, the place where the subsequence of that length with the smallest end ends. */
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  numbers.forEach((number, place) => {
    if (number < 0) return;
    const length = firstNotBelow(ends, numbers, number);
    previous[place] = length === 0 ? undefined : ends[length - 1];
    ends[length] = place;
  });
  const places = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = previous[place]) places.add(place);
  return places;
}

/** Binary search: the first length whose end is not below the number. */
function firstNotBelow(ends: readonly number[], numbers: readonly number[], number: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
