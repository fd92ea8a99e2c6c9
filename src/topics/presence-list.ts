import { LIMITS } from "../protocol/limits.ts";
import type { PresentSession, RosterAnswer } from "./presence-messages.ts";
import { TopicError } from "./topic-error.ts";

/**
 * A visitor who is present in a topic.
 *
 * @typeParam Meta what the application's pages tell of their visitors
 */
export interface PresentVisitor<Meta = unknown> {
  /** Names the visitor's session in this topic, always the same, and nowhere else: nobody learns the session's own id from it. */
  readonly id: string;
  /** What the visitor's page told, as JSON gives it back; null where it told nothing. */
  readonly meta: Meta;
  /** How many of the visitor's tabs are open on such pages. */
  readonly tabs: number;
  /** Since when the visitor is present, in milliseconds since 1970. */
  readonly since: number;
  /** True for the session whose page or action this is; false everywhere outside of sessions. */
  readonly isSelf: boolean;
}

/**
 * Who is present in a topic, those who came first first: a frozen array. `count`: how many there are, which is more than are listed
 * where those are more than a topic lists.
 */
export type PresenceList<Meta = unknown> = readonly PresentVisitor<Meta>[] & { readonly count: number };

/** What a topic answered, for the application; `self`: how the session is called in it. */
export function presenceList(
  { count, listed }: Pick<Extract<RosterAnswer, { kind: "roster" }>, "count" | "listed">,
  self?: string,
): PresenceList {
  // Only topic-presence.ts writes such lists. What all pages of a session share is frozen.
  const all: readonly PresentSession[] = JSON.parse(listed);
  const visitors = all.map(({ id, meta, tabs, since }) =>
    Object.freeze({ id, meta: frozen(meta), tabs, since, isSelf: id === self }),
  );
  return Object.freeze(Object.assign(visitors, { count }));
}

/** What is told of a visitor, as JSON. Throws {@link TopicError} for what JSON cannot write, and for what is too large. */
export function metaText(topic: string, meta: unknown): string {
  const text = jsonOf(meta);
  if (text !== undefined && text.length <= LIMITS.presenceChars) return text;
  const given = text === undefined ? `is no JSON (a ${typeof meta})` : `takes ${text.length} characters`;
  throw new TopicError(
    "topic-presence",
    `What is told of a visitor in ${JSON.stringify(topic)} ${given}; expected JSON of at most ${LIMITS.presenceChars} characters: ` +
      "tell a name and what changes, and let pages fetch the rest",
  );
}

/** What JSON has given, frozen with all that is in it. */
function frozen(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    // A circle, or a BigInt: said with the rest.
    return undefined;
  }
}
