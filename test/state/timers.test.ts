import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CLIENT_LIMITS, LIMITS } from "../../src/protocol/limits.ts";
import { Draft, SessionError } from "../../src/state/draft.ts";
import { retryMs } from "../../src/state/timer-retry.ts";
import { TIMER_KEY, TimerError, type TimerRecord, type TimerTime } from "../../src/state/timers.ts";
import { TurnState } from "../../src/state/turn-state.ts";
import { type TimerPorts, TurnTimers } from "../../src/state/turn-timers.ts";

const NOW = 1_800_000_000_000;
const YEAR = LIMITS.timerMs;
const URL = "https://site.example/page?x=1";

/** What is committed of a session's timers, with turns over it. */
class Timetable {
  readonly stored = new Map<string, unknown>();
  readonly ports: TimerPorts;
  now = NOW;
  #ids = 0;
  #lastOrder = 0;

  constructor() {
    this.ports = {
      now: () => this.now,
      newId: () => {
        this.#ids += 1;
        return `timer-${this.#ids}`;
      },
      stored: () => ({ count: this.stored.size, lastOrder: this.#lastOrder }),
      whyNot: (target) => (target === "Report#ready" ? undefined : "unknown-action"),
    };
  }

  /** A turn that nothing is committed of yet. */
  turn({ isReadonly = false } = {}): { readonly timers: TurnTimers; readonly draft: Draft } {
    const store = { read: (key: string) => structuredClone(this.stored.get(key)), keys: () => [] };
    const draft = new Draft(store, { isReadonly });
    return { draft, timers: new TurnTimers(draft, this.ports) };
  }

  commit({ draft }: { readonly draft: Draft }): void {
    for (const [key, value] of draft.close()) {
      if (value === undefined) this.stored.delete(key);
      else this.stored.set(key, value);
      this.#lastOrder = Math.max(this.#lastOrder, this.record(key.slice(TIMER_KEY.length))?.order ?? 0);
    }
  }

  get names(): readonly string[] {
    return Array.from(this.stored.keys(), (key) => key.slice(TIMER_KEY.length)).sort();
  }

  record(id: string): TimerRecord | undefined {
    // Only timers are stored here.
    return this.stored.get(TIMER_KEY + id) as TimerRecord | undefined;
  }

  fill(count: number): void {
    for (let time = 0; time < count; time += 1) this.stored.set(`${TIMER_KEY}full-${time}`, {});
  }
}

const wish = (time: unknown, ...args: readonly unknown[]) =>
  ({ target: "Report#ready", time: time as TimerTime, args, url: URL }) as const;

/** The error that something throws. */
function errorOf(act: () => unknown): TimerError {
  try {
    act();
  } catch (error) {
    if (error instanceof TimerError) return error;
    throw error;
  }
  throw new Error("Nothing was thrown");
}

describe("a turn's timers", () => {
  it("are stored with the turn and not before, with all that they run on", () => {
    const table = new Timetable();
    const turn = table.turn();
    const id = turn.timers.set(wish({ in: 1500 }, 1, new Date(3)));
    expect(table.names).toEqual([]);
    table.commit(turn);
    expect(table.record(id)).toEqual({
      at: NOW + 1500,
      order: expect.any(Number),
      target: "Report#ready",
      args: [1, new Date(3)],
      url: URL,
      attempts: 0,
    });
  });

  it("are due when they were asked to be, and never before", () => {
    const table = new Timetable();
    const dueAt = (time: TimerTime) => {
      const turn = table.turn();
      const id = turn.timers.set(wish({ ...time, id: "one" }));
      table.commit(turn);
      return table.record(id)?.at;
    };
    expect(dueAt({ in: 0 })).toBe(NOW);
    expect(dueAt({ in: 0.2 })).toBe(NOW + 1);
    expect(dueAt({ in: YEAR })).toBe(NOW + YEAR);
    expect(dueAt({ at: NOW + 5 })).toBe(NOW + 5);
    expect(dueAt({ at: new Date(NOW + 7) })).toBe(NOW + 7);
    // What should have been done yesterday is done at once.
    expect(dueAt({ at: new Date(0) })).toBe(NOW);
    expect(dueAt({ at: -1 })).toBe(NOW);
  });

  it.each([
    [{ in: -1 }, "{ in: -1 }"],
    [{ in: Number.NaN }, "{ in: NaN }"],
    [{ in: "5" }, "{ in: 5 }"],
    [{ in: YEAR + 1 }, `{ in: ${YEAR + 1} }`],
    [{ in: Number.POSITIVE_INFINITY }, "{ in: Infinity }"],
    [{ at: new Date(Number.NaN) }, "{ at: Invalid Date }"],
    [{ at: NOW + YEAR + 1 }, `{ at: ${NOW + YEAR + 1} }`],
    [{ at: "tomorrow" }, "{ at: tomorrow }"],
    [{ in: 1, at: NOW }, `{ in: 1, at: ${NOW} }`],
    [{}, "{  }"],
    [1000, "1000"],
    [null, "null"],
    [undefined, "undefined"],
  ])("are refused for %o, which is no time, by an error that shows it", (time, shown) => {
    const turn = new Timetable().turn();
    const error = errorOf(() => turn.timers.set(wish(time)));
    expect(error).toMatchObject({ name: "TimerError", code: "timer-time" });
    expect(error.message).toContain(
      `cannot be due ${shown}; expected { in: milliseconds } from 0 to ${YEAR}`,
    );
    expect(turn.draft.close().size).toBe(0);
  });

  it.each(["Report#missing", "", 7, undefined])(
    "are refused at once for %o, which is no method",
    (target) => {
      const turn = new Timetable().turn();
      const error = errorOf(() => turn.timers.set({ ...wish({ in: 0 }), target: target as string }));
      expect(error.code).toBe("timer-target");
      expect(error.message).toContain(`cannot run ${JSON.stringify(target)}`);
      expect(turn.draft.close().size).toBe(0);
    },
  );

  it("take arguments up to their limits, and refuse one over, or what cannot be copied", () => {
    const turn = new Timetable().turn();
    const brackets = 2 + "0".length;
    turn.timers.set(wish({ in: 0 }, "x".repeat(LIMITS.timerArgsChars - brackets)));
    turn.timers.set(wish({ in: 0 }, ...Array.from({ length: LIMITS.args }, () => 1)));
    const refused = [
      ["x".repeat(LIMITS.timerArgsChars - brackets + 1)],
      Array.from({ length: LIMITS.args + 1 }, () => 1),
      [() => 1],
      [Symbol("s")],
    ];
    for (const args of refused)
      expect(errorOf(() => turn.timers.set(wish({ in: 0 }, ...args))).code).toBe("timer-args");
    expect(errorOf(() => turn.timers.set(wish({ in: 0 }, refused[0]))).message).toContain(
      `at most ${LIMITS.args} of ${LIMITS.timerArgsChars}`,
    );
    expect(turn.draft.close().size).toBe(2);
  });

  it("keep an address up to its limit, and refuse a longer one", () => {
    const turn = new Timetable().turn();
    const url = URL.padEnd(CLIENT_LIMITS.urlChars, "x");
    turn.timers.set({ ...wish({ in: 0 }), url });
    expect(errorOf(() => turn.timers.set({ ...wish({ in: 0 }), url: `${url}x` })).code).toBe("timer-address");
  });

  it.each(["", "x".repeat(LIMITS.timerIdChars + 1), 7])("are refused the name %o", (id) => {
    const turn = new Timetable().turn();
    expect(errorOf(() => turn.timers.set(wish({ in: 0, id }))).code).toBe("timer-id");
  });

  it("refuse one more than a session holds, and say how many that is; one that is replaced is not one more", () => {
    const table = new Timetable();
    table.fill(LIMITS.timers - 2);
    const turn = table.turn();
    turn.timers.set(wish({ in: 0, id: "one" }));
    const last = turn.timers.set(wish({ in: 0 }));
    turn.timers.set(wish({ in: 5, id: "one" }));
    turn.timers.set(wish({ in: 5, id: "full-3" }));
    const error = errorOf(() => turn.timers.set(wish({ in: 0 })));
    expect(error.code).toBe("timers-full");
    expect(error.message).toContain(`it holds ${LIMITS.timers}`);
    expect(turn.timers.cancel(last)).toBe(true);
    turn.timers.set(wish({ in: 0, id: "two" }));
    table.commit(turn);
    expect(table.stored.size).toBe(LIMITS.timers);
  });

  it("have room for one more where one runs", () => {
    const table = new Timetable();
    table.fill(LIMITS.timers);
    const turn = table.turn();
    turn.timers.take("full-0", { order: 1 });
    turn.timers.set(wish({ in: 0, id: "next" }));
    expect(errorOf(() => turn.timers.set(wish({ in: 0 }))).code).toBe("timers-full");
    table.commit(turn);
    expect(table.stored.size).toBe(LIMITS.timers);
  });

  it("are told apart by the order in which they were set, in one turn and over turns", () => {
    const table = new Timetable();
    for (const now of [NOW, NOW, NOW + 1]) {
      table.now = now;
      const turn = table.turn();
      for (let time = 0; time < 3; time += 1) turn.timers.set(wish({ at: NOW }));
      table.commit(turn);
    }
    const orders = Array.from(table.names, (id) => table.record(id)?.order ?? Number.NaN);
    expect(new Set(orders).size).toBe(9);
    expect(orders).toEqual([...orders].sort((left, right) => left - right));
    expect(orders.every(Number.isSafeInteger)).toBe(true);
  });

  it("are told from those that they replace, also in the same millisecond, and by the one whose turn it is", () => {
    const table = new Timetable();
    const orders: (number | undefined)[] = [];
    for (let time = 0; time < 3; time += 1) {
      const turn = table.turn();
      turn.timers.set(wish({ in: 0, id: "one" }));
      table.commit(turn);
      orders.push(table.record("one")?.order);
    }
    const turn = table.turn();
    turn.timers.take("one", { order: orders.at(-1) ?? 0 });
    turn.timers.set(wish({ in: 0, id: "one" }));
    table.commit(turn);
    expect(new Set([...orders, table.record("one")?.order]).size).toBe(4);
  });

  it("cannot be set or cancelled by an action that may only read, nor after the turn", () => {
    const table = new Timetable();
    table.fill(1);
    const readonly = table.turn({ isReadonly: true });
    const closed = table.turn();
    closed.draft.close();
    for (const { timers } of [readonly, closed]) {
      expect(() => timers.set(wish({ in: 0 }))).toThrow(SessionError);
      expect(() => timers.cancel("full-0")).toThrow(SessionError);
    }
    expect(table.names).toEqual(["full-0"]);
  });

  it("need a session object", () => {
    const state = new TurnState({ id: "id", store: { read: () => undefined, keys: () => [] } });
    const timers = state.timersAt(URL);
    expect(() => timers.later("Report#ready", { in: 0 })).toThrow(/in a session object/);
  });

  it("behave as a map from names to what was set last, over turns that are committed or not", () => {
    const name = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(
      fc.record({ set: name, label: fc.nat(9) }),
      fc.record({ cancel: name }),
      fc.record({ end: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = new Timetable();
        let committed = new Map<string, number>();
        let model = new Map<string, number>();
        let turn = table.turn();
        const act = {
          set: (id: string, label: number) => {
            turn.timers.set(wish({ in: 0, id }, label));
            model.set(id, label);
          },
          cancel: (id: string) => expect(turn.timers.cancel(id)).toBe(model.delete(id)),
          end: (isCommitted: boolean) => {
            if (isCommitted) table.commit(turn);
            if (isCommitted) committed = model;
            model = new Map(committed);
            turn = table.turn();
          },
        };
        for (const one of steps) {
          if ("set" in one) act.set(one.set, one.label);
          else if ("cancel" in one) act.cancel(one.cancel);
          else act.end(one.end);
        }
        expect(table.names).toEqual([...committed.keys()].sort());
        for (const [id, label] of committed) expect(table.record(id)?.args).toEqual([label]);
      }),
    );
  });
});

describe("the wait before a timer that failed runs again", () => {
  it("grows fourfold from a second to an hour, of which chance takes up to half", () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 12].map((failures) => retryMs(failures, 1 - Number.EPSILON));
    expect(longest).toEqual([1000, 4000, 16_000, 64_000, 256_000, 1_024_000, 3_600_000, 3_600_000]);
    expect([1, 7, 24].map((failures) => retryMs(failures, 0))).toEqual([500, 1_800_000, 1_800_000]);
  });
});
