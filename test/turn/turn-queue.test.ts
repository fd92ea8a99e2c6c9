import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { DeadlineError, withDeadline } from "../../src/turn/deadline.ts";
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

describe("withDeadline", () => {
  /** A timer that a test lets expire, and that counts those left running. */
  class ManualTimer {
    running = 0;
    expire: (() => void) | undefined;
    readonly start = (_: number, expired: () => void) => {
      this.running += 1;
      this.expire = expired;
      return () => {
        this.running -= 1;
      };
    };
  }

  it("settles as the work does, and leaves no timer running", async () => {
    const timer = new ManualTimer();
    expect(await withDeadline(Promise.resolve(1), 10, timer.start)).toBe(1);
    await expect(withDeadline(Promise.reject(new Error("no")), 10, timer.start)).rejects.toThrow("no");
    expect(timer.running).toBe(0);
  });

  it("rejects when the time is over first, and leaves no timer running", async () => {
    const timer = new ManualTimer();
    const late = withDeadline(new Promise(() => undefined), 10, timer.start);
    timer.expire?.();
    await expect(late).rejects.toThrow(DeadlineError);
    expect(timer.running).toBe(0);
  });
});
