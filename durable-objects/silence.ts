import { LIMITS } from "../src/protocol/limits.ts";

/** What is known of when a socket was heard last. Times in milliseconds since 1970. */
export interface Heard {
  readonly now: number;
  /** When the platform answered its heartbeat last; absent: never. */
  readonly beatAt?: number | undefined;
  /** When its last frame came in this life of the object; absent: none has. */
  readonly frameAt?: number | undefined;
  /** When this life began: of frames before it nothing is known. */
  readonly begunAt: number;
  /** When it was first found silent and nobody knew for how long; absent: it has not been, or a frame has come since. */
  readonly doubtedAt?: number | undefined;
}

/**
 * Whether a page is still there whose socket is open: a tab may have gone without its socket being closed, and the platform may not
 * notice (workerd#1187). Pages say something every 25 seconds, browsers hold those in the background up to a minute.
 *
 * @returns `doubted` where frames may have come before a sleep: then what is remembered of that decides the next time
 */
export function silenceOf({ now, beatAt = 0, frameAt = 0, begunAt, doubtedAt }: Heard): Silence {
  const heardAt = Math.max(beatAt, frameAt);
  if (now - heardAt < LIMITS.silenceMs) return "heard";
  if (now - begunAt >= LIMITS.silenceMs) return "silent";
  const isSince = doubtedAt !== undefined && doubtedAt > heardAt;
  return isSince && now - doubtedAt >= LIMITS.silenceMs / 2 ? "silent" : "doubted";
}

/** See {@link silenceOf}. */
export type Silence = "heard" | "doubted" | "silent";
