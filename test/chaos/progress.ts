import { setTimeout as wait } from "node:timers/promises";

/** What is waited for, looked at again and again. */
export interface Goal {
  /** What has been reached; while it changes, there is hope. */
  readonly progress: string | number;
  readonly isReached: boolean;
}

const LOOK_MS = 100;

/**
 * Waits until a goal is reached, or until nothing has moved towards it for so long that nothing will.
 *
 * @param patienceMs how long nothing may move, in milliseconds
 * @returns whether it was reached
 */
export async function reach(look: () => Promise<Goal>, patienceMs: number): Promise<boolean> {
  let best: Goal["progress"] | undefined;
  let since = performance.now();
  for (;;) {
    const { progress, isReached } = await look();
    if (isReached) return true;
    if (progress !== best) since = performance.now();
    best = progress;
    if (performance.now() - since > patienceMs) return false;
    await wait(LOOK_MS);
  }
}
