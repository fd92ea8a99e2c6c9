import type { StoredSession } from "./session-store.ts";

/** What an alarm is for, beside the end of the session. */
export interface AlarmDuty {
  /** Does what is due, and says when the next of it is, in milliseconds since 1970: `undefined` for never. Never rejects. */
  ring(now: number): Promise<number | undefined>;
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
   * Called when the object's alarm rings. Never rejects.
   *
   * @param expire ends the session
   */
  async ring(expire: () => Promise<void>): Promise<void> {
    const { expiresAt } = this.#store;
    if (expiresAt === undefined || expiresAt <= this.#now()) return await expire();
    const next: number[] = [];
    for (const duty of this.#duties) {
      const at = await duty.ring(this.#now());
      if (at !== undefined) next.push(at);
    }
    this.#store.rung(next.length === 0 ? undefined : Math.min(...next));
  }
}
