import { runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SessionAlarm } from "../../durable-objects/session-alarm.ts";
import { StoredSession } from "../../durable-objects/session-store.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { TIMER_KEY, type TimerRecord } from "../../src/state/timers.ts";

/** An hour. */
const LIFE_MS = 3_600_000;
const LATE_MS = LIMITS.lateAlarmMs + 1;

const NAME = fc.constantFrom("a", "b", "c");
const WAIT = fc.oneof(fc.nat(60_000), fc.nat(2 * LIFE_MS));
const STEP = fc.oneof(
  { weight: 4, arbitrary: fc.record({ set: NAME, in: WAIT, isSeen: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ cancel: NAME }) },
  { weight: 1, arbitrary: fc.record({ write: fc.nat(9), isSeen: fc.boolean() }) },
  // The clock may go back.
  {
    weight: 3,
    arbitrary: fc.record({ pass: fc.oneof(fc.integer({ min: -60_000, max: 60_000 }), fc.nat(3 * LIFE_MS)) }),
  },
  // After so many timers the object ends in the middle; each that runs may set another.
  { weight: 3, arbitrary: fc.record({ ring: fc.nat(3), again: fc.option(WAIT) }) },
  { weight: 1, arbitrary: fc.constantFrom("sleep" as const, "reset" as const, "lose the alarm" as const) },
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

/** A session's storage, and a platform that lets it ring. */
class Fixture {
  readonly #storage: DurableObjectStorage;
  /** Far ahead, so that no alarm rings by itself. */
  #now = Date.now() + 30 * 86_400_000;
  /** The latest time that there was. */
  #latest = this.#now;
  #store: StoredSession;
  #lastOrder = 0;
  /** True from when the platform has lost the alarm until there is one. */
  #isLost = false;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#store = this.#open();
    this.#store.commit(new Map([["value", 0]]));
  }

  async take(step: Step): Promise<void> {
    const store = this.#store;
    if (step === "sleep") this.#store = this.#open();
    else if (step === "lose the alarm") {
      await this.#storage.deleteAlarm();
      this.#isLost = true;
    } else if (step === "reset") store.endFor(new Map([["left", true]]), undefined);
    else if ("set" in step)
      store.commit(new Map([[TIMER_KEY + step.set, this.#timerIn(step.in)]]), { isSeen: step.isSeen });
    else if ("cancel" in step) store.commit(new Map([[TIMER_KEY + step.cancel, undefined]]));
    else if ("write" in step) store.commit(new Map([["value", step.write]]), { isSeen: step.isSeen });
    else if ("pass" in step) this.#pass(step.pass);
    else await this.#ring(step.ring, step.again);
  }

  /** What is stored of timers is counted, and the alarm rings for the first that is due, and for the session's end. */
  async check(): Promise<void> {
    const prefix = `session:${TIMER_KEY}`;
    const stored = Array.from(this.#storage.kv.list<TimerRecord>({ prefix }), ([, { at }]) => at);
    expect(this.#store.timers.count).toBe(stored.length);
    const alarmAt = await this.#storage.getAlarm();
    this.#isLost &&= alarmAt === null;
    if (this.#isLost) return;
    const { expiresAt } = this.#store;
    const dueAt = Math.min(...stored, stored.length === 0 && expiresAt !== undefined ? expiresAt : Infinity);
    expect(alarmAt ?? Infinity).toBeLessThanOrEqual(Math.max(this.#latest, dueAt));
  }

  /** A write long after an alarm that was lost finds out. */
  async checkAtLast(): Promise<void> {
    this.#pass(LATE_MS + 3 * LIFE_MS);
    this.#store.commit(new Map([["value", -1]]));
    expect(await this.#storage.getAlarm()).not.toBeNull();
    this.#isLost = false;
    await this.check();
  }

  #pass(ms: number): void {
    this.#now += ms;
    this.#latest = Math.max(this.#latest, this.#now);
  }

  #open(): StoredSession {
    return new StoredSession(this.#storage, { expiresInMs: LIFE_MS, now: () => this.#now });
  }

  #timerIn(ms: number): TimerRecord {
    this.#lastOrder += 1;
    const [target, url] = ["Some#thing", "https://site.example/"];
    return { at: this.#now + ms, order: this.#lastOrder, target, args: [], url, attempts: 0 };
  }

  async #ring(endsAfter: number, again: number | null): Promise<void> {
    const alarmAt = await this.#storage.getAlarm();
    if (alarmAt === null || alarmAt > this.#now) return;
    await this.#storage.deleteAlarm();
    const duty = { ring: async () => this.#runDue(endsAfter, again) };
    const expire = async () => {
      await this.#store.end();
      return true;
    };
    try {
      await new SessionAlarm(this.#store, [duty], () => this.#now).ring(false, expire);
    } catch {
      // The platform repeats a ring that came to no end, unless the alarm was set for another time in it.
      if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(this.#now);
      this.#store = this.#open();
    }
  }

  /** Runs what is due, as the session's timers do, and says when the next is. */
  #runDue(endsAfter: number, again: number | null): number | undefined {
    let left = endsAfter;
    for (const [key, { at }] of Array.from(this.#store.timerRecords())) {
      if (at > this.#now) continue;
      if (left === 0) throw new Error("The object has ended");
      left -= 1;
      const changes = new Map<string, unknown>([[key, undefined]]);
      if (again !== null) changes.set(`${TIMER_KEY}again`, this.#timerIn(again));
      this.#store.commit(changes, { isSeen: false });
    }
    const waiting = Array.from(this.#store.timerRecords(), ([, { at }]) => at);
    return waiting.length === 0 ? undefined : Math.min(...waiting);
  }
}

describe("the alarm of a session", () => {
  it("is set in time for whatever waits, however late it rings, and whatever ends in the middle or is lost", {
    timeout: 60_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { maxLength: 25 }), async (steps) => {
        const stub = exports.SessionObject.getByName(crypto.randomUUID());
        await runInDurableObject(stub, async (_, { storage }) => {
          const fixture = new Fixture(storage);
          for (const step of steps) {
            await fixture.take(step);
            await fixture.check();
          }
          await fixture.checkAtLast();
          await storage.deleteAll();
        });
      }),
      { numRuns: 200 },
    );
  });
});
