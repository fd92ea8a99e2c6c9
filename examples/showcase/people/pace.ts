/** How often somebody may do something: so many times at once, and one more after each interval. */
export interface PaceRule {
  readonly burst: number;
  readonly everyMs: number;
}

/** What is left of that: kept in the session of whoever does it. */
export interface Pace {
  /** From 0 to the burst; a fraction is on its way to the next time. */
  readonly left: number;
  /** When it was counted, in milliseconds since 1970. */
  readonly at: number;
}

/** What is left after one more time; `undefined`: it is too soon for one. Whoever never did it (`undefined`) has the whole burst. */
export function spend(pace: Pace | undefined, now: number, { burst, everyMs }: PaceRule): Pace | undefined {
  const passedMs = pace === undefined ? 0 : Math.max(0, now - pace.at);
  const left = pace === undefined ? burst : Math.min(burst, pace.left + passedMs / everyMs);
  return left < 1 ? undefined : { left: left - 1, at: now };
}
