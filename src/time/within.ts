import type { Timer } from "./timer.ts";

/**
 * Settles as `work` does, or rejects with what `late` gives when the time is over first. The work cannot be stopped, only no longer
 * waited for. The timer is always stopped: one left running would keep an object from hibernating.
 */
export async function within<Result>(
  work: Promise<Result>,
  milliseconds: number,
  timer: Timer,
  late: () => Error,
): Promise<Result> {
  let stop = () => {};
  const expired = new Promise<never>((_, reject) => {
    stop = timer(milliseconds, () => reject(late()));
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    stop();
  }
}
