/** How long after its first failure a timer runs again, in milliseconds. */
const FIRST_MS = 1_000;

/** How much longer the wait is after each further failure. */
const FACTOR = 4;

/** The longest wait, in milliseconds: an hour. */
const LONGEST_MS = 3_600_000;

/**
 * How long a timer that failed waits before it runs again, in milliseconds: 1 s after the first failure, four times as long
 * after each further one, at most an hour; and of that, half to all by chance, so that what failed together does not come
 * back together.
 *
 * @param failures how many times it has failed, 1 at least
 * @param random from 0 to below 1
 */
export function retryMs(failures: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * FACTOR ** (failures - 1));
  return Math.ceil(longest * (0.5 + random / 2));
}
