import type { Session } from "edge-reflex";
import type { Values } from "../environment.ts";
import { givenName } from "./names.ts";

/** What others call a visitor: by the name that was chosen, else by one that the session has from the start. */
export function nameOf(session: Session<Values>): string {
  return session.get("nick") ?? session.get("visitor")?.name ?? givenName(session.id);
}
