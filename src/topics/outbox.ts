import { RESERVED } from "../state/draft.ts";
import type { Published } from "./topic-messages.ts";

/** Under which key a session stores what it has published and its topics have not stored yet. */
export const OUTBOX_KEY = `${RESERVED}outbox`;

/** A publication of a session, with its number among those of the session. */
export interface Outgoing {
  readonly number: number;
  readonly topic: string;
  readonly published: Published;
}

/** What waits, in its order. */
export interface Outbox {
  /** Tells this count from that of a session which had the same name before; absent until the first is committed. */
  readonly life?: string | undefined;
  /** The number of the last publication that there ever was. */
  readonly last: number;
  readonly waiting: readonly Outgoing[];
}

/** Of a session that has published nothing. */
export const EMPTY_OUTBOX: Outbox = { last: 0, waiting: [] };
