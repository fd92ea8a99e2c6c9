import type { Timer } from "../time/timer.ts";
import { within } from "../time/within.ts";

/** The work took longer than it may. It cannot be stopped, only no longer waited for. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "deadline";

  constructor(milliseconds: number) {
    super(`Nothing came back within ${milliseconds} ms; expected the action or page to return by then`);
  }
}

/**
 * How many steps of the microtask queue a turn may take before it gets a timer. A turn that waits for nothing outside is
 * over by then (through hono, with a handler of a few awaits, in about 20), and a timer is a twentieth of its cost.
 */
const STEPS_WITHOUT_TIMER = 64;

/** Settles as `work` does, or rejects with {@link DeadlineError} when the time is over first. */
export async function withDeadline<Result>(
  work: Promise<Result>,
  milliseconds: number,
  timer: Timer,
): Promise<Result> {
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  work.then(settled, settled);
  for (let step = 0; step < STEPS_WITHOUT_TIMER && !isSettled; step += 1) await undefined;
  if (isSettled) return await work;
  return await within(work, milliseconds, timer, () => new DeadlineError(milliseconds));
}
