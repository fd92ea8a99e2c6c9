import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { silenceOf } from "../../durable-objects/silence.ts";
import { LIMITS } from "../../src/protocol/limits.ts";

/** How often a topic asks, and how long an object stays awake, in milliseconds. */
const ASKED_MS = LIMITS.presenceLeaseMs;
const AWAKE_MS = 10_000;

/** What a page says, and when: frames, or heartbeats, which wake nobody. */
type Sign = { readonly afterMs: number; readonly isFrame: boolean };

/** Asks of one socket as its topic does, while its object sleeps whenever it can; gives when it was found silent. */
function foundSilentAt(signs: readonly Sign[], untilMs: number): number | undefined {
  const events = [{ at: 0, isFrame: true }];
  for (const { afterMs, isFrame } of signs) events.push({ at: (events.at(-1)?.at ?? 0) + afterMs, isFrame });
  let frameAt: number | undefined;
  let beatAt: number | undefined;
  let doubtedAt: number | undefined;
  let begunAt = 0;
  let awakeUntil = AWAKE_MS;
  const wake = (at: number) => {
    if (at > awakeUntil) {
      frameAt = undefined;
      begunAt = at;
    }
    awakeUntil = at + AWAKE_MS;
  };
  for (let now = ASKED_MS; now <= untilMs; now += ASKED_MS) {
    for (const { at, isFrame } of events.splice(0, events.filter(({ at }) => at <= now).length)) {
      if (isFrame) {
        wake(at);
        frameAt = at;
        doubtedAt = undefined;
      } else beatAt = at;
    }
    wake(now);
    const silence = silenceOf({ now, beatAt, frameAt, begunAt, doubtedAt });
    if (silence === "silent") return now;
    if (silence === "doubted" && (doubtedAt === undefined || doubtedAt < (beatAt ?? 0))) doubtedAt = now;
  }
  return undefined;
}

const signs = fc.array(fc.record({ afterMs: fc.nat({ max: 85_000 }), isFrame: fc.boolean() }), {
  minLength: 1,
  maxLength: 60,
});

describe("the silence of a socket", () => {
  it("is never found while a page says something once a minute and a beat, asleep or awake", () => {
    fc.assert(
      fc.property(signs, (said) => {
        const lastMs = said.reduce((sum, { afterMs }) => sum + afterMs, 0);
        expect(foundSilentAt(said, lastMs)).toBeUndefined();
      }),
      { numRuns: 1_000, verbose: 1 },
    );
  });

  it("is found two questions after it has begun, or three", () => {
    fc.assert(
      fc.property(signs, (said) => {
        const lastMs = said.reduce((sum, { afterMs }) => sum + afterMs, 0);
        const foundAt = foundSilentAt(said, lastMs + 10 * ASKED_MS) ?? Number.POSITIVE_INFINITY;
        expect(foundAt - lastMs).toBeLessThanOrEqual(3 * ASKED_MS);
      }),
      { numRuns: 1_000, verbose: 1 },
    );
  });

  it("is found at once in a life that has lasted longer than it may", () => {
    const now = 1_000_000;
    const heard = { now, begunAt: now - LIMITS.silenceMs };
    expect(silenceOf({ ...heard, frameAt: now - LIMITS.silenceMs })).toBe("silent");
    expect(silenceOf({ ...heard, frameAt: now - LIMITS.silenceMs + 1 })).toBe("heard");
    expect(silenceOf({ ...heard, beatAt: now - LIMITS.silenceMs + 1 })).toBe("heard");
    expect(silenceOf({ now, begunAt: now - 1 })).toBe("doubted");
  });
});
