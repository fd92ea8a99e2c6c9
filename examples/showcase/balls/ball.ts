/** A ball as the session keeps it. */
export interface Ball {
  /** Tells balls of one visitor apart; numbers may repeat. */
  readonly id: number;
  /** What is written on the ball: 1 to {@link HIGHEST_NUMBER}. */
  readonly number: number;
}

/** How many balls a page load brings. */
const BALLS_PER_LOAD = 3;

/** How many balls one visitor can have: a session's values are small. */
export const BALLS_MAX = 60;

const HIGHEST_NUMBER = 49;

/**
 * Adds the balls of one page load, as many as there is room for.
 *
 * @param balls those that are left, oldest first
 * @param random gives a number from 0 up to and without 1
 */
export function withBallsOfLoad(balls: readonly Ball[], random: () => number = Math.random): readonly Ball[] {
  const lastId = balls.at(-1)?.id ?? 0;
  const drawn = Array.from({ length: BALLS_PER_LOAD }, (_, index) => ({
    id: lastId + 1 + index,
    number: 1 + Math.floor(random() * HIGHEST_NUMBER),
  }));
  return [...balls, ...drawn].slice(0, BALLS_MAX);
}
