/** The stages of calls, in their order; each is told by an event `reflex:<stage>`. */
export const STAGES = [
  /** The call is about to be made: a listener may add to its `params`, or call it off by `preventDefault`. */
  "before",
  /** It waits: for the connection, or because many calls are on their way. */
  "queued",
  "delivered",
  /** Its answer is here, and the page as it was; left out when the answer changes nothing. */
  "before-morph",
  /** It ran, and the page shows it. */
  "success",
  /** One of these says how else it ended; `nothing` comes behind `success`. */
  "nothing",
  "halted",
  "forbidden",
  "superseded",
  "cancelled",
  "error",
  /** It has ended, however it did. */
  "after",
  /** Nothing more comes of it. */
  "finalize",
] as const;

/** How far a call is; `created` before it has told anybody. */
export type Stage = "created" | (typeof STAGES)[number];
