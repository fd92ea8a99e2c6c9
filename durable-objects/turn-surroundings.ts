import type { Cache } from "../src/cache/cache.ts";
import type { SessionRuntime } from "./session-runtime.ts";

/** Where the turns of a session run. */
export interface TurnSurroundings<Env> {
  readonly runtime: SessionRuntime<Env>;
  readonly env: Env;
  readonly ctx: DurableObjectState;
  readonly cache: Cache;
}
