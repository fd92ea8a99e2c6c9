/** Waits grow from this, in milliseconds, doubling with each failure. */
const FIRST_MS = 200;

/** No wait is longer than this, in milliseconds. */
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next try: full jitter, so that the visitors of a restarted server do not come back
 * all at once.
 *
 * @param failures tries that failed in a row, from 1
 * @param random in [0, 1)
 */
export function reconnectDelayMs(failures: number, random: number): number {
  return random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
}
