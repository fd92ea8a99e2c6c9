import { Session, type SessionStore } from "../src/session/session.ts";
import type { SessionRuntime } from "./session-runtime.ts";

/** Where the turns of a session run. */
export interface TurnSurroundings<Env> {
  readonly runtime: SessionRuntime<Env>;
  readonly env: Env;
  readonly ctx: DurableObjectState;
}

/** One turn's view of the session. */
export function draftOf({ id }: DurableObjectState, store: SessionStore, isReadonly = false): Session {
  // Objects of this class are reached by name only; the id stands in for one that a test reaches by id.
  return new Session(id.name ?? id.toString(), store, isReadonly);
}
