import type { SessionStore } from "../src/state/draft.ts";
import { TurnState } from "../src/state/turn-state.ts";
import type { SessionRuntime } from "./session-runtime.ts";

/** Where the turns of a session run. */
export interface TurnSurroundings<Env> {
  readonly runtime: SessionRuntime<Env>;
  readonly env: Env;
  readonly ctx: DurableObjectState;
}

/** What one turn reads and writes. */
export function stateOf({ id }: DurableObjectState, store: SessionStore, isReadonly = false): TurnState {
  // Objects of this class are reached by name only; the id stands in for one that a test reaches by id.
  return new TurnState({ id: id.name ?? id.toString(), store, isReadonly });
}
