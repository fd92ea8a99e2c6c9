import { type Draft, RESERVED } from "../state/draft.ts";
import { KeyedValues } from "../state/keyed-values.ts";
import { LIFE_KEY, lifeMs } from "./lifetime.ts";

/** What a session asks for that concerns more than its values. Implemented by the turn's state. */
export interface SessionIdentity {
  /** The name of the session, and after `reset` that of the next. */
  readonly id: string;
  regenerate(): void;
  reset(): void;
}

/** One turn's view of the visitor's session. */
export class Session<Values extends object = Record<string, unknown>> extends KeyedValues<Values> {
  readonly #identity: SessionIdentity;
  readonly #draft: Draft;

  /** @param draft what the turn reads and writes */
  constructor(identity: SessionIdentity, draft: Draft) {
    super({
      read: (key) => draft.read(key),
      write: (key, value) => draft.write(key, value),
      keys: () => draft.keys().filter((key) => !key.startsWith(RESERVED)),
    });
    this.#identity = identity;
    this.#draft = draft;
  }

  /**
   * Names the session: safe to use as a key for the application's own data, no secret, and the same until the session is
   * {@link reset}.
   */
  get id(): string {
    return this.#identity.id;
  }

  /**
   * Gives the visitor a new cookie and keeps the session as it is: for a visitor who has logged in. Whoever has the old cookie, or had it
   * planted, has nothing in it from then on; other tabs of the visitor go on with the new one.
   * Throws `SessionError` where nothing can be written, and in a timer: no browser is there to take a cookie.
   */
  regenerate(): void {
    this.#identity.regenerate();
  }

  /**
   * Ends the session and begins another under another {@link id}: for a visitor who logs out. Everything in it is deleted, its
   * timers too; what is written after this belongs to the new one. Other tabs of the visitor go over to it.
   * Throws as {@link regenerate} does.
   */
  reset(): void {
    this.#identity.reset();
  }

  /**
   * Shortens the life of this session, for a visitor who does not want to be remembered: it ends so many milliseconds after it was
   * last seen, to within a twentieth. At least a minute; what is longer than the application's own has no effect.
   * Throws a `TypeError` for a time that cannot be, and `SessionError` where nothing can be written.
   */
  expireAfter(milliseconds: number): void {
    this.#draft.write(LIFE_KEY, lifeMs(milliseconds, "session.expireAfter()"), "The session's life");
  }
}
