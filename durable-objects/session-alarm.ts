import type { SessionChanges } from "../src/state/draft.ts";
import type { StoredSession } from "./session-store.ts";

/** One ring of an alarm. */
export interface Ring {
  /** When it began, in milliseconds since 1970. */
  readonly now: number;
  /** True when the one before came to no end: what it did may have been what ended the object. */
  readonly isAgain: boolean;
}

/** What an alarm is for, beside the end of the session. */
export interface AlarmDuty {
  /** Does what is due, and says when the next of it is, in milliseconds since 1970: `undefined` for never. Never rejects. */
  ring(ring: Ring): Promise<number | undefined>;
  /** What is to be written with the next time, as the alarm has rung. */
  leaves?(): SessionChanges;
}

/**
 * The one alarm of a session object, shared by everything that is due at some time. It is set for the earliest and moved
 * only to ring earlier: what has been put off meanwhile lets it ring in vain, which costs less than a row for each time
 * that something is put off.
 */
export class SessionAlarm {
  readonly #store: StoredSession;
  readonly #duties: readonly AlarmDuty[];
  readonly #now: () => number;

  constructor(store: StoredSession, duties: readonly AlarmDuty[], now: () => number) {
    this.#store = store;
    this.#duties = duties;
    this.#now = now;
  }

  /**
   * Called when the object's alarm rings. Rejects only when nothing can be stored: then the platform lets it ring again.
   *
   * @param isAgain see {@link Ring}
   * @param expire ends the session, and says whether it did: somebody may have come meanwhile
   */
  async ring(isAgain: boolean, expire: () => Promise<boolean>): Promise<void> {
    this.#store.rings();
    try {
      if (this.#store.isOver && (await expire())) return;
      const next = await this.#nextAfter(isAgain);
      this.#store.rung(next, new Map(this.#duties.flatMap((duty) => [...(duty.leaves?.() ?? [])])));
    } finally {
      this.#store.silent();
    }
  }

  /** Does what is due, and says when the next of it is. */
  async #nextAfter(isAgain: boolean): Promise<number | undefined> {
    const next: number[] = [];
    for (const duty of this.#duties) {
      const at = await duty.ring({ now: this.#now(), isAgain });
      if (at !== undefined) next.push(at);
    }
    return next.length === 0 ? undefined : Math.min(...next);
  }
}
