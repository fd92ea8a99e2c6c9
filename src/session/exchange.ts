import { LIMITS } from "../protocol/limits.ts";
import { RESERVED } from "../state/draft.ts";
import type { NextSession } from "./identity.ts";

/** Under which key a session stores what browsers have to fetch over HTTP. */
export const EXCHANGES_KEY = `${RESERVED}exchanges`;

/** What an action gave to its visitor's browser that a socket cannot carry. Fetched with a ticket. */
export interface Exchange {
  /** When it was made, in milliseconds since 1970. */
  readonly at: number;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
  /** The generation of the session's next cookie; absent: the cookie stays. */
  readonly generation?: number | undefined;
  /** The session that takes the place of this one, and what was written for it; absent: it goes on. */
  readonly next?:
    | {
        readonly session: NextSession;
        readonly seed: ReadonlyMap<string, unknown>;
        /** What the object stores of the page load whose call it was, which goes on in the next session with what it shows. */
        readonly heir?: unknown;
      }
    | undefined;
}

/** Exchanges by their tickets. */
export type Exchanges = ReadonlyMap<string, Exchange>;

/**
 * The exchanges with one more; those that nobody can fetch any more are left out.
 *
 * @param now in milliseconds since 1970
 */
export function withExchange(before: Exchanges | undefined, ticket: string, exchange: Exchange): Exchanges {
  const fresh = [...(before ?? [])].filter(([, { at }]) => at > exchange.at - LIMITS.exchangeMs);
  // Those with the session's own cookie last, which stay longest: without it the visitor has lost the session.
  const [plain, moving] = [
    fresh.filter(([, other]) => !isMove(other)),
    fresh.filter(([, other]) => isMove(other)),
  ];
  return new Map([...[...plain, ...moving].slice(1 - LIMITS.exchanges), [ticket, exchange]]);
}

function isMove({ generation, next }: Exchange): boolean {
  return generation !== undefined || next !== undefined;
}
