import { RESERVED } from "../state/draft.ts";

/** How long a session lives by default after it was last seen, in milliseconds: a year, which also is the longest. */
export const SESSION_MS = 31_536_000_000;

/** The shortest life of a session, in milliseconds: a minute. Its end is moved on each three seconds, which costs a row each time. */
const SESSION_MS_MIN = 60_000;

/** The part of a session's life that passes before its end is moved on, so that not every turn costs a row or a cookie. */
const RENEWAL_PART = 1 / 20;

/** At most a day passes before that, in milliseconds. */
const RENEWAL_MS_MAX = 86_400_000;

/** How long after a session was seen its end is not moved on again, in milliseconds. */
export function renewalMs(expiresInMs: number): number {
  return Math.min(RENEWAL_MS_MAX, expiresInMs * RENEWAL_PART);
}

/** Under which key a session stores a life of its own, in milliseconds. */
export const LIFE_KEY = `${RESERVED}life`;

/** How long the state of a tab is kept by default after the tab was last there, in milliseconds: a day. */
const TAB_MS = 86_400_000;

/** The life of sessions that an application asks for, in milliseconds. Throws a `TypeError` for one that cannot be. */
export function sessionMs(expiresIn: number = SESSION_MS): number {
  return lifeMs(expiresIn, "session.expiresIn");
}

/** How long an application keeps the states of tabs that are gone, in milliseconds. Throws a `TypeError` for a time that cannot be. */
export function tabMs(expiresIn: number = TAB_MS): number {
  return lifeMs(expiresIn, "tab.expiresIn");
}

/** A life as it is asked for. Throws a `TypeError` that names what asked for one that cannot be. */
export function lifeMs(milliseconds: number, name: string): number {
  const isLife =
    Number.isSafeInteger(milliseconds) && milliseconds >= SESSION_MS_MIN && milliseconds <= SESSION_MS;
  if (isLife) return milliseconds;
  throw new TypeError(
    `${name} got ${milliseconds}; expected whole milliseconds from ${SESSION_MS_MIN} (a minute) to ${SESSION_MS} (a year)`,
  );
}
