import { RESERVED } from "../state/draft.ts";

/** Under which key a session stores what has become of its identity. */
export const IDENTITY_KEY = `${RESERVED}identity`;

/** What has become of a session's identity since the cookie that it began with. */
export interface Identity {
  /** Counts the cookies that a session was given for the same data: those with a lower one are of no use any more. */
  readonly generation: number;
  /** When that was, in milliseconds since 1970. */
  readonly changedAt: number;
  /** The page load whose call did it: it is answered though its browser has no other cookie yet. */
  readonly author?: string | undefined;
  /** The visitor who took the place of this session's: it has ended, and is never written again. */
  readonly next?: string | undefined;
}

/** A session that does not exist yet, for a visitor who gets a new identity. */
export interface NextSession {
  /** The random id that goes into the cookie: a secret. */
  readonly visitor: string;
  /** The name of its object, which is the session's id. */
  readonly name: string;
}

/** What a cookie is worth: `moved` is one whose browser is just being given another. */
export type Standing = "current" | "moved" | "ended";

/**
 * How long a browser may take to get its next cookie, in milliseconds: as long, what it asks for with the last one is put
 * off. Then that cookie leads to a session of its own, as if it had never been.
 */
const MOVE_MS = 30_000;

/**
 * What a cookie of a generation is worth.
 *
 * @param now in milliseconds since 1970
 */
export function standingOf(identity: Identity | undefined, generation: number, now: number): Standing {
  if (identity === undefined) return "current";
  if (identity.next === undefined && generation >= identity.generation) return "current";
  return now - identity.changedAt < MOVE_MS ? "moved" : "ended";
}
