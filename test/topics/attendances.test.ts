import { describe, expect, it } from "vitest";
import { Attendances } from "../../src/topics/attendances.ts";
import type { Attendance, AttendanceAnswer } from "../../src/topics/presence-messages.ts";
import { pass, settled } from "../support/topic-time.ts";
import { VirtualTime } from "../support/virtual-time.ts";

const TOPIC = "chat:7";
const ADA = { metaName: "a", meta: '"Ada"' };
const BOB = { metaName: "b", meta: '"Bob"' };

/** A session, and a topic that answers as a test says. */
class Said {
  readonly time = new VirtualTime();
  readonly statements: Attendance[] = [];
  /** What becomes of the next statements; those behind them are noted. */
  answers: (AttendanceAnswer | "lost")[] = [];
  /** While it is there, no statement is answered. */
  held: Promise<void> | undefined;
  lacking = 0;
  failed = 0;
  readonly attendances = new Attendances({
    session: "s1",
    now: () => this.time.now,
    timer: this.time.later,
    idIn: async () => "id",
    attend: async (_, attendance) => {
      this.statements.push(attendance);
      await this.held;
      const answer = this.answers.shift() ?? { kind: "noted" };
      if (answer === "lost") throw new Error("Network connection lost");
      return answer;
    },
    lacksMeta: () => {
      this.lacking += 1;
    },
    failed: () => {
      this.failed += 1;
    },
    finish: (work) => void work,
  });

  async be(tabs: number, told: typeof ADA): Promise<void> {
    this.attendances.be(TOPIC, { tabs, ...told });
    await settled();
  }

  /** Lets time pass, in which what was tried in vain is tried again. */
  async pass(milliseconds: number): Promise<void> {
    await pass(this.time, milliseconds);
  }
}

describe("what a session says of where it is present", () => {
  it("is said once, and again when it changes", async () => {
    const said = new Said();
    await said.be(1, ADA);
    await said.be(1, ADA);
    await said.be(2, ADA);
    await said.be(2, BOB);
    await said.be(0, BOB);
    expect(said.statements.map(({ tabs, meta }) => [tabs, meta])).toEqual([
      [1, ADA.meta],
      [2, ADA.meta],
      [2, BOB.meta],
      [0, BOB.meta],
    ]);
  });

  it("is said by one call at a time, the latest behind it, with a higher number each", async () => {
    const said = new Said();
    let release = () => {};
    said.held = new Promise((resolve) => {
      release = resolve;
    });
    for (let tabs = 1; tabs <= 10; tabs += 1) await said.be(tabs, ADA);
    expect(said.statements.length).toBe(1);
    release();
    await settled();
    expect(said.statements.map(({ tabs }) => tabs)).toEqual([1, 10]);
    const [first, second] = said.statements.map(({ number }) => number);
    expect(second).toBeGreaterThan(first ?? 0);
  });

  it("is said again with growing waits until the topic has noted it, however long that takes", async () => {
    const said = new Said();
    said.answers = Array(12).fill("lost");
    await said.be(1, ADA);
    await said.pass(7_000);
    expect(said.statements.length).toBe(5);
    await said.pass(300_000);
    expect([said.statements.length, said.failed]).toEqual([13, 1]);
    await said.pass(300_000);
    expect(said.statements.length).toBe(13);
  });

  it("is given up by a session that leaves: the topic will ask", async () => {
    const said = new Said();
    await said.be(1, ADA);
    said.answers = Array(100).fill("lost");
    await said.be(0, ADA);
    await said.pass(600_000);
    expect([said.statements.length, said.failed]).toEqual([7, 1]);
    said.answers = [];
    await said.be(1, ADA);
    expect(said.statements.at(-1)?.tabs).toBe(1);
  });

  it("is said with a number above what the topic has seen, when the clock is behind", async () => {
    const said = new Said();
    said.answers = [{ kind: "late", number: 5_000 }];
    await said.be(1, ADA);
    expect(said.statements.map(({ number }) => number > 5_000)).toEqual([false, true]);
  });

  it("is said at longer and longer intervals to a topic for which it comes too late each time", async () => {
    const said = new Said();
    said.answers = Array.from({ length: 5 }, (_, at) => ({ kind: "late", number: 5_000 + at }) as const);
    await said.be(1, ADA);
    expect(said.statements).toHaveLength(2);
    const counts: number[] = [];
    for (const milliseconds of [249, 1, 499, 1, 1_000, 60_000]) {
      await said.pass(milliseconds);
      counts.push(said.statements.length);
    }
    expect(counts).toEqual([2, 3, 3, 4, 5, 6]);
  });

  it("is said again when it came too late to be noted, though it was so before", async () => {
    const said = new Said();
    await said.be(1, ADA);
    said.answers = [{ kind: "late", number: 5_000 }];
    const { promise, resolve } = Promise.withResolvers<void>();
    said.held = promise;
    await said.be(2, ADA);
    await said.be(1, ADA);
    resolve();
    await settled();
    expect(said.statements.map(({ tabs }) => tabs)).toEqual([1, 2, 1]);
  });

  it("is found out where it is not at hand, when the topic has forgotten it", async () => {
    const said = new Said();
    said.answers = [{ kind: "unknown" }];
    said.attendances.be(TOPIC, { tabs: 1, metaName: "a" });
    await settled();
    expect([said.lacking, said.statements.length]).toEqual([1, 1]);
    await said.be(1, ADA);
    expect(said.statements.map(({ meta }) => meta)).toEqual([undefined, ADA.meta]);
  });

  it("is said once more to a topic that does not list it, but not while it is being said", async () => {
    const said = new Said();
    await said.be(1, ADA);
    said.attendances.again(TOPIC, { tabs: 1, ...ADA });
    said.attendances.again(TOPIC, { tabs: 1, ...ADA });
    await settled();
    expect(said.statements.length).toBe(2);
  });

  it("ends everywhere with the session, and nothing is said after that", async () => {
    const said = new Said();
    await said.be(1, ADA);
    said.attendances.end(["elsewhere:1"]);
    await said.be(1, ADA);
    expect(said.statements.map(({ tabs, isOver }) => [tabs, isOver])).toEqual([
      [1, undefined],
      [0, true],
      [0, true],
    ]);
  });
});
