import { Session } from "../session/session.ts";
import { Draft, type DraftOptions, type SessionChanges, type SessionStore } from "./draft.ts";

/** Whose state a turn reads and writes. */
export interface TurnStateOptions extends DraftOptions {
  /** Names the session. */
  readonly id: string;
  readonly store: SessionStore;
}

/** Everything that one turn reads and writes of its session, in one draft: committed together, or not at all. */
export class TurnState {
  readonly session: Session;
  readonly #draft: Draft;

  constructor({ id, store, ...options }: TurnStateOptions) {
    this.#draft = new Draft(store, options);
    this.session = new Session(id, this.#draft);
  }

  /** Ends the turn's right to write and hands over what it wrote. */
  close(): SessionChanges {
    return this.#draft.close();
  }

  /** True once the turn's right to write is over. */
  get isClosed(): boolean {
    return this.#draft.isClosed;
  }
}
