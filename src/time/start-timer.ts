import type { Timer } from "./timer.ts";

/** Runs something once after some milliseconds of real time, unless it is stopped before. */
export const startTimer: Timer = (milliseconds, expired) => {
  const timer = setTimeout(expired, milliseconds);
  return () => clearTimeout(timer);
};
