import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { TurnQueue } from "../../src/turn/turn-queue.ts";

describe("a turn queue", () => {
  it("runs turns one after another in the order asked for, whatever they await and whether they fail", async () => {
    const turn = fc.record({ awaits: fc.nat(3), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 10 }), async (turns) => {
        const queue = new TurnQueue();
        const log: string[] = [];
        const runs = turns.map(({ awaits, fails }, index) =>
          queue.run(async () => {
            log.push(`start ${index}`);
            for (let time = 0; time < awaits; time += 1) await null;
            log.push(`end ${index}`);
            if (fails) throw new Error(String(index));
            return index;
          }),
        );
        const ends = await Promise.allSettled(runs);
        expect(log).toEqual(turns.flatMap((_, index) => [`start ${index}`, `end ${index}`]));
        expect(ends.map(({ status }) => status)).toEqual(
          turns.map(({ fails }) => (fails ? "rejected" : "fulfilled")),
        );
      }),
    );
  });

  it("is full when as many turns wait as may, and has room again when they are over", async () => {
    const queue = new TurnQueue();
    const runs = Array.from({ length: LIMITS.waitingTurns - 1 }, () => queue.run(async () => undefined));
    expect(queue.hasRoom()).toBe(true);
    runs.push(queue.run(async () => undefined));
    expect(queue.hasRoom()).toBe(false);
    await Promise.all(runs);
    expect(queue.hasRoom()).toBe(true);
  });

  it("is full when what waits takes as much memory as it may", async () => {
    const queue = new TurnQueue();
    const run = queue.run(async () => undefined, LIMITS.waitingChars - 1);
    expect([queue.hasRoom(1), queue.hasRoom(2)]).toEqual([true, false]);
    await run;
    expect(queue.hasRoom(LIMITS.waitingChars)).toBe(true);
  });
});
