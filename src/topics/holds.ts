import type { Follower } from "./follower.ts";

interface Hold {
  readonly seq: number;
  readonly missing: Set<Follower>;
  readonly end: () => void;
}

/** What waits until some subscribers were told something. */
export class Holds {
  readonly #holds = new Set<Hold>();

  /**
   * Resolves when all of those were told everything up to a number, or are not waited for any more; or when time is up: those who
   * are missing then are slow.
   *
   * @param timer starts the time, and returns what stops it
   */
  async hold(
    seq: number,
    missing: readonly Follower[],
    timer: (end: () => void) => () => void,
  ): Promise<void> {
    if (missing.length === 0) return;
    await new Promise<void>((resolve) => {
      const stop = timer(() => {
        for (const follower of hold.missing) follower.isSlow = true;
        hold.end();
      });
      const end = () => {
        stop();
        this.#holds.delete(hold);
        resolve();
      };
      const hold: Hold = { seq, missing: new Set(missing), end };
      this.#holds.add(hold);
    });
  }

  /** A subscriber was told something. */
  told(follower: Follower): void {
    for (const hold of this.#holds) if (follower.told >= hold.seq) leave(hold, follower);
  }

  /** A subscriber is not waited for. */
  release(follower: Follower): void {
    for (const hold of this.#holds) leave(hold, follower);
  }
}

function leave(hold: Hold, follower: Follower): void {
  if (hold.missing.delete(follower) && hold.missing.size === 0) hold.end();
}
