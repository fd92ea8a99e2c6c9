/** Starts a timer and returns what stops it. Injected, so that tests own the time. */
export type Timer = (milliseconds: number, expired: () => void) => () => void;

/** The work took longer than it may. It cannot be stopped, only no longer waited for. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "deadline";

  constructor(milliseconds: number) {
    super(`Nothing came back within ${milliseconds} ms; expected the action or page to return by then`);
  }
}

/**
 * Settles as `work` does, or rejects with {@link DeadlineError} when the time is over first. The timer is always
 * stopped: one left running would keep a session object from hibernating.
 */
export async function withDeadline<Result>(
  work: Promise<Result>,
  milliseconds: number,
  timer: Timer,
): Promise<Result> {
  let stop = () => {};
  const expired = new Promise<never>((_, reject) => {
    stop = timer(milliseconds, () => reject(new DeadlineError(milliseconds)));
  });
  try {
    return await Promise.race([work, expired]);
  } finally {
    stop();
  }
}
