import type { StructuresPort } from "./structures/structure-call.ts";

/** What a turn may use beside its draft: done at once, and not undone when the turn fails. */
export interface TurnServices {
  /** The structures that are bound to a key. Throws where the Worker has no object for them. */
  structuresAt(key: string): StructuresPort;
}
