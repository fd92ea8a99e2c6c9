import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Ring } from "../../src/topics/ring.ts";
import type { Item } from "../../src/topics/topic-messages.ts";

const item = (seq: number, chars = 0): Item => ({
  seq,
  published: { kind: "operations", operations: [{ operation: "setTitle", title: "x".repeat(chars) }] },
});

describe("what a node keeps", () => {
  it("is exactly what lies behind a number, or not at hand", () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.array(fc.nat(60_000), { maxLength: 300 }),
        fc.nat(400),
        (last, sizes, back) => {
          const ring = new Ring(last);
          const all = sizes.map((chars, index) => item(last + 1 + index, chars));
          for (const one of all) ring.extend(one.seq, [one]);
          const seq = Math.max(0, ring.last - back);
          const behind = ring.since(seq);
          const needed = all.filter((one) => one.seq > seq);
          if (behind !== undefined) {
            expect(behind).toEqual(needed);
            return;
          }
          const chars = needed.reduce((sum, { published }) => sum + JSON.stringify(published).length, 0);
          const isTooMuch = needed.length > LIMITS.keptPublications || chars > LIMITS.keptPublicationChars;
          expect(isTooMuch || seq < last).toBe(true);
        },
      ),
    );
  });

  it("is nothing before what is not at hand, nor behind the last", () => {
    const ring = new Ring(5);
    ring.extend(6, [item(6)]);
    ring.extend(9, undefined);
    ring.extend(10, [item(10)]);
    expect([ring.since(5), ring.since(8), ring.since(9)?.length, ring.since(10), ring.since(11)]).toEqual([
      undefined,
      undefined,
      1,
      [],
      undefined,
    ]);
  });

  it("is one touch for many in a row that say the same, so that operations keep their places", () => {
    const ring = new Ring(0);
    const touch = (seq: number, said = {}): Item => ({ seq, published: { kind: "touch", ...said } });
    ring.extend(1, [item(1)]);
    for (let seq = 2; seq <= 1_001; seq += 1) ring.extend(seq, [touch(seq, { author: `${seq % 2}` })]);
    ring.extend(1_002, [touch(1_002, { changed: ["title"] })]);
    expect(ring.since(0)).toEqual([item(1), touch(1_001), touch(1_002, { changed: ["title"] })]);
    expect([ring.since(500)?.length, ring.since(1_001)?.length, ring.since(1_002)]).toEqual([2, 1, []]);
  });

  it("may leave numbers out that a later one makes needless", () => {
    const ring = new Ring(0);
    ring.extend(4, [item(2), item(4)]);
    expect(ring.since(0)?.map(({ seq }) => seq)).toEqual([2, 4]);
    expect(ring.since(3)?.map(({ seq }) => seq)).toEqual([4]);
  });
});
