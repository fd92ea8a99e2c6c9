import {
  createExecutionContext,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SessionAlarm } from "../../durable-objects/session-alarm.ts";
import { StoredSession } from "../../durable-objects/session-store.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { TIMER_KEY, TimerError, type TimerRecord, type TimerTime } from "../../src/state/timers.ts";
import { TurnQueue } from "../../src/turn/turn-queue.ts";
import { newTabId, ORIGIN, Tab, visit } from "../support/tab.ts";
import { cancelled, gate, runs } from "../support/timed.ts";
import worker, { logged, renders, told } from "../support/worker.ts";

const MINUTE = 60_000;
/** A day that no alarm rings by itself for. */
const START = Date.now() + 3_600_000;

/** The time that the session objects of this file live in. */
const clock = { now: START, random: 0 };

beforeEach(() => {
  clock.now = START;
  runs.length = 0;
  cancelled.length = 0;
  logged.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** A visitor's session, with its tab and its object. */
class Visitor {
  readonly tab: Tab;
  readonly id: string;

  constructor(tab: Tab, id: string) {
    this.tab = tab;
    this.id = id;
  }

  static async open(url = "/"): Promise<Visitor> {
    const tab = await Tab.open(url);
    const id = await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
    const visitor = new Visitor(tab, id);
    await runInDurableObject(visitor.stub, (object) => {
      const { runtime } = Reflect.get(object, "surroundings");
      runtime.now = () => clock.now;
      runtime.random = () => clock.random;
    });
    // What the object has made with the time of before.
    await evictDurableObject(visitor.stub, { webSockets: "hibernate" });
    return visitor;
  }

  get stub(): DurableObjectStub {
    return exports.SessionObject.getByName(this.id);
  }

  /** Does something inside the object. */
  async inside<Result>(
    act: (storage: DurableObjectStorage, object: object) => Result,
  ): Promise<Awaited<Result>> {
    return await runInDurableObject(this.stub, (object) =>
      act(Reflect.get(object, "surroundings").ctx.storage, object),
    );
  }

  /** What waits, by name. */
  async timers(): Promise<ReadonlyMap<string, TimerRecord>> {
    const prefix = `session:${TIMER_KEY}`;
    return await this.inside(
      ({ kv }) =>
        new Map(
          Array.from(kv.list<TimerRecord>({ prefix }), ([key, timer]) => [key.slice(prefix.length), timer]),
        ),
    );
  }

  /** Lets time pass, and the alarm ring. */
  async ring(ms = 0): Promise<void> {
    clock.now += ms;
    expect(await runDurableObjectAlarm(this.stub)).toBe(true);
  }

  /** The keys of each write that is done meanwhile, a deletion with a minus, and the alarms that are set. */
  async writesDuring(act: () => Promise<unknown>): Promise<readonly (readonly string[])[]> {
    const writes: string[][] = [];
    let isOpen = false;
    const note = (key: string) => {
      if (isOpen) writes.at(-1)?.push(key);
      else writes.push([key]);
    };
    await this.inside((storage) => {
      const { kv } = storage;
      const [put, remove] = [kv.put.bind(kv), kv.delete.bind(kv)];
      const [transaction, alarm] = [storage.transactionSync.bind(storage), storage.setAlarm.bind(storage)];
      vi.spyOn(kv, "put").mockImplementation((key, value) => {
        note(key);
        put(key, value);
      });
      vi.spyOn(kv, "delete").mockImplementation((key) => {
        note(`-${key}`);
        return remove(key);
      });
      vi.spyOn(storage, "transactionSync").mockImplementation((closure) => {
        writes.push([]);
        isOpen = true;
        const result = transaction(closure);
        isOpen = false;
        return result;
      });
      vi.spyOn(storage, "setAlarm").mockImplementation((time) => {
        note("alarm");
        return alarm(time);
      });
    });
    await act();
    await this.inside(() => vi.restoreAllMocks());
    return writes;
  }

  /** Ends the object in the middle of what it does. */
  async abort(): Promise<void> {
    await this.inside((_, object) => Reflect.get(object, "surroundings").ctx.abort("a test")).catch(() => {});
  }

  async set(time: object, target = "Timed#_run", ...args: readonly unknown[]): Promise<void> {
    expect((await this.tab.call("Timed#set", { args: [time, target, ...args] })).outcome).toBe("nothing");
  }

  async count(): Promise<string> {
    return await this.tab.count();
  }
}

/** Sets a timer as a queue's consumer does. */
const later = (...order: [sessionId: string, target: string, time: TimerTime, ...args: unknown[]]) =>
  worker.later(createExecutionContext(), ...order);

const labels = () => runs.map(({ label }) => label);

describe("a timer", () => {
  it("runs once when it is due, also when the object slept meanwhile, and is gone then", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: MINUTE });
    expect((await visitor.timers()).size).toBe(1);
    await visitor.ring(MINUTE - 1);
    expect(runs).toEqual([]);
    await evictDurableObject(visitor.stub);
    await visitor.ring(1);
    expect(runs).toHaveLength(1);
    expect(await visitor.count()).toBe("1");
    expect((await visitor.timers()).size).toBe(0);
    await visitor.ring(MINUTE);
    expect(runs).toHaveLength(1);
  });

  it("runs by itself, with the platform's own alarm", async () => {
    const visitor = await Visitor.open();
    clock.now = Date.now();
    await visitor.set({ in: 0 });
    await visitor.tab.until(() => visitor.tab.pushes.length > 0);
    expect(await visitor.count()).toBe("1");
  });

  it("has the page's address and its arguments, and neither element nor form", async () => {
    const visitor = await Visitor.open("/static?x=1");
    await visitor.tab.call("Timed#setDate", { args: [START], element: ["a", {}], form: [["x", "y"]] });
    await visitor.ring();
    expect(runs).toMatchObject([
      {
        url: `${ORIGIN}/static?x=1`,
        args: [new Map([["when", new Date(START)]])],
        element: "",
        hasParams: false,
      },
    ]);
  });

  it("is set by a page, if the page succeeds, and cancelled by one", async () => {
    const visitor = await Visitor.open();
    const headers = { Cookie: visitor.tab.cookie };
    expect((await visit("/set-timer-and-throw", { headers })).status).toBe(500);
    expect((await visitor.timers()).size).toBe(0);
    expect(await (await visit("/set-timer?id=page", { headers })).text()).toBe("page");
    expect(await (await visit("/set-timer?id=other", { headers })).text()).toBe("other");
    expect(await (await visit("/cancel-timer", { headers })).text()).toBe("true");
    expect(await (await visit("/cancel-timer", { headers })).text()).toBe("false");
    await visitor.ring(MINUTE);
    expect(runs).toMatchObject([{ label: "page", url: `${ORIGIN}/set-timer?id=other` }]);
  });

  it("is not set by a reflex that fails, and not run when the reflex that set it or another one cancels it", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Timed#setThenThrow");
    await visitor.tab.call("Timed#setAndCancel");
    await visitor.set({ in: MINUTE, id: "one" });
    await visitor.tab.call("Timed#cancel", { args: ["one"] });
    await visitor.tab.call("Timed#cancel", { args: ["one"] });
    expect(cancelled).toEqual([true, true, false]);
    expect((await visitor.timers()).size).toBe(0);
    await visitor.ring(MINUTE);
    expect(runs).toEqual([]);
  });

  it("is refused for what is no method; nothing of the reflex that asked is kept", async () => {
    const visitor = await Visitor.open();
    for (const target of ["Timed#missing", "Timed#later", "Nobody#run", "Timed#constructor"])
      expect((await visitor.tab.call("Timed#set", { args: [{ in: 0 }, target] })).outcome).toBe(
        "reflex-failed",
      );
    expect(logged.map(({ cause }) => cause)).toMatchObject(
      Array.from({ length: 4 }, () => ({ code: "timer-target" })),
    );
  });

  it("whose method is gone when it is due waits for a version that has it again", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0, id: "one" });
    await visitor.inside(({ kv }) => {
      const key = `session:${TIMER_KEY}one`;
      kv.put(key, { ...kv.get<TimerRecord>(key), target: "Timed#gone" });
    });
    await visitor.ring();
    expect(logged).toMatchObject([{ event: "timer-failed", target: "Timed#gone", cause: "unknown-action" }]);
    expect((await visitor.timers()).get("one")).toMatchObject({ attempts: 1 });
  });
});

describe("many timers", () => {
  it("run in the order of their times, those of one time as they were set, on one alarm", async () => {
    const visitor = await Visitor.open();
    for (const [ms, label] of [[30, "d"], [10, "b"], [10, "c"], [5, "a"]]) // biome-ignore format: a table
      await visitor.set({ in: ms }, "Timed#_run", label);
    await visitor.ring(30);
    expect(labels()).toEqual(["a", "b", "c", "d"]);
    expect(await visitor.count()).toBe("4");
  });

  it("have the alarm set for the earliest, whatever is set and runs", async () => {
    const visitor = await Visitor.open();
    const alarm = () => visitor.inside((storage) => storage.getAlarm());
    await visitor.set({ in: 2 * MINUTE });
    expect(await alarm()).toBe(START + 2 * MINUTE);
    await visitor.set({ in: MINUTE });
    expect(await alarm()).toBe(START + MINUTE);
    await visitor.set({ in: 3 * MINUTE });
    expect(await alarm()).toBe(START + MINUTE);
    await visitor.ring(MINUTE);
    expect(await alarm()).toBe(START + 2 * MINUTE);
    await visitor.ring(2 * MINUTE);
    expect(labels()).toHaveLength(3);
    expect(await alarm()).toBeGreaterThan(START + SESSION_MS - MINUTE);
  });

  it("are as many as a session holds; one more is refused by an error that names the limit, and none is lost", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Timed#setMany", { args: [LIMITS.timers - 1, MINUTE] });
    expect((await visitor.tab.call("Timed#setMany", { args: [2, MINUTE] })).outcome).toBe("reflex-failed");
    expect(logged).toMatchObject([{ cause: { name: "TimerError", code: "timers-full" } }]);
    expect(String(logged[0]?.cause)).toContain(`it holds ${LIMITS.timers}`);
    expect((await visitor.timers()).size).toBe(LIMITS.timers - 1);
    expect((await visitor.tab.call("Timed#setMany", { args: [1, MINUTE] })).outcome).toBe("nothing");
    await visitor.ring(MINUTE);
    expect(labels()).toEqual([...Array.from({ length: LIMITS.timers - 1 }, (_, index) => index), 0]);
    expect(await visitor.count()).toBe(String(LIMITS.timers));
    expect((await visitor.timers()).size).toBe(0);
    await visitor.set({ in: MINUTE });
  });

  it("let a call run between two of them", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_wait", "first");
    await visitor.set({ in: 0 }, "Timed#_run", "second");
    const ringing = visitor.ring();
    await vi.waitFor(() => expect(labels()).toEqual(["first"]));
    const queued = vi.spyOn(TurnQueue.prototype, "run");
    const call = visitor.tab.call("Timed#note", { args: ["a call"] });
    await vi.waitFor(() => expect(queued).toHaveBeenCalledOnce());
    await visitor.inside(() => gate.go?.());
    await Promise.all([call, ringing]);
    expect(labels()).toEqual(["first", "a call", "second"]);
  });

  it("go on with another ring when one takes too long", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_wait", "first");
    await visitor.set({ in: 0 }, "Timed#_run", "second");
    const ringing = visitor.ring();
    await vi.waitFor(() => expect(labels()).toEqual(["first"]));
    clock.now += LIMITS.ringMs;
    await visitor.inside(() => gate.go?.());
    await ringing;
    expect(labels()).toEqual(["first"]);
    await visitor.ring();
    expect(labels()).toEqual(["first", "second"]);
  });
});

describe("what a timer does to the session", () => {
  it.each([
    ["stops itself", "Timed#_halt"],
    ["is forbidden by itself", "Timed#_forbid"],
  ])("is nothing when it %s, and it is gone", async (_, target) => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, target);
    await visitor.ring();
    expect(runs).toHaveLength(1);
    expect((await visitor.timers()).size).toBe(0);
    expect(await visitor.count()).toBe("0");
    expect(logged).toEqual([]);
  });

  it("is written together with its removal, and with the timers that it sets, in one write", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0, id: "again" }, "Timed#_again", MINUTE);
    const writes = await visitor.writesDuring(() => visitor.ring());
    const timer = `session:${TIMER_KEY}again`;
    expect(writes).toEqual([["session", timer], ["session"], ["alarm"]]);
    expect((await visitor.timers()).get("again")).toMatchObject({ at: START + MINUTE, args: ["the next"] });
    await visitor.ring(MINUTE);
    expect(labels()).toEqual(["again", "the next"]);
    expect(await visitor.count()).toBe("2");
    // It has the name of the one before, and is another one.
    expect(new Set(runs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  });

  it("costs few rows: one more to be set, and one for the alarm if it is the earliest; four to be run", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: MINUTE, id: "one" });
    const one = `session:${TIMER_KEY}one`;
    const two = `session:${TIMER_KEY}two`;
    expect(await visitor.writesDuring(() => visitor.set({ in: MINUTE, id: "two" }))).toEqual([
      ["session", two],
    ]);
    expect(await visitor.writesDuring(() => visitor.set({ in: 0, id: "one" }))).toEqual([
      ["session", one],
      ["alarm"],
    ]);
    expect(await visitor.writesDuring(() => visitor.ring())).toEqual([
      ["session", `-${one}`],
      ["session"],
      ["alarm"],
    ]);
    const cancels = () => visitor.tab.call("Timed#cancel", { args: ["two"] });
    expect(await visitor.writesDuring(cancels)).toEqual([["session", `-${two}`]]);
  });

  it("happens once when it could not be written the first time; the others rest meanwhile, and it is told the same key", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_run", "first");
    await visitor.set({ in: 0 }, "Timed#_run", "second");
    await visitor.inside(({ kv }) => {
      vi.spyOn(kv, "put").mockImplementationOnce(() => {
        throw new Error("no space");
      });
    });
    await visitor.ring();
    await visitor.inside(() => vi.restoreAllMocks());
    expect(labels()).toEqual(["first"]);
    expect(logged).toMatchObject([
      { event: "timer-failed", target: "Timed#_run", cause: { message: "no space" } },
    ]);
    expect(await visitor.count()).toBe("0");
    await visitor.ring();
    expect(labels()).toEqual(["first"]);
    await visitor.ring(MINUTE);
    expect(labels()).toEqual(["first", "first", "second"]);
    expect(await visitor.count()).toBe("2");
    expect(runs[0]?.idempotencyKey).toBe(runs[1]?.idempotencyKey);
    expect(runs[0]?.idempotencyKey).not.toBe(runs[2]?.idempotencyKey);
    expect(runs[0]?.callId).not.toBe(runs[1]?.callId);
  });

  it("happens once when the object ends between its run and its write", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_wait", "one");
    const ringing = visitor.inside((_, object) => {
      void Reflect.get(object, "alarm").call(object, { isRetry: false, retryCount: 0 });
    });
    await vi.waitFor(() => expect(labels()).toEqual(["one"]));
    await ringing;
    await visitor.abort();
    const again = visitor.ring();
    await vi.waitFor(() => expect(labels()).toEqual(["one", "one"]));
    await visitor.inside(() => gate.go?.());
    await again;
    expect((await visitor.timers()).size).toBe(0);
    expect(await visitor.count()).toBe("1");
    expect(runs[0]?.idempotencyKey).toBe(runs[1]?.idempotencyKey);
  });

  it("does not undo what was set from outside under its name while it ran", async () => {
    const visitor = await Visitor.open();
    for (const target of ["Timed#_wait", "Timed#_waitAndFail", "Timed#_waitAndHalt"]) {
      runs.length = 0;
      await visitor.set({ in: 0, id: "report" }, target, "first");
      const ringing = visitor.ring();
      await vi.waitFor(() => expect(labels()).toEqual(["first"]));
      await later(visitor.id, "Timed#_run", { in: MINUTE, id: "report" }, "second");
      await visitor.inside(() => gate.go?.());
      await ringing;
      expect((await visitor.timers()).get("report")).toMatchObject({ attempts: 0, args: ["second"] });
      await visitor.ring(MINUTE);
      expect(labels()).toEqual(["first", "second"]);
    }
  });
});

describe("a timer that fails", () => {
  it("changes nothing, is logged, and runs again after growing waits until it is given up", async () => {
    const visitor = await Visitor.open();
    clock.random = 0;
    await visitor.set({ in: 0, id: "one" }, "Timed#_fail", "x");
    const waits: number[] = [];
    for (let time = 0; time < LIMITS.timerRetries; time += 1) {
      await visitor.ring();
      const { at = 0, attempts } = (await visitor.timers()).get("one") ?? {};
      expect(attempts).toBe(time + 1);
      waits.push(at - clock.now);
      clock.now = at;
    }
    expect(waits.slice(0, 4)).toEqual([500, 2_000, 8_000, 32_000]);
    expect(waits.at(-1)).toBe(1_800_000);
    expect(new Set(logged.map(({ event }) => event))).toEqual(new Set(["timer-failed"]));
    await visitor.ring();
    expect(logged.at(-1)).toMatchObject({
      event: "timer-given-up",
      target: "Timed#_fail",
      url: "/",
      id: runs.at(-1)?.callId,
      cause: { message: "a timer's own mistake" },
    });
    expect(runs).toHaveLength(LIMITS.timerRetries + 1);
    expect(new Set(runs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect((await visitor.timers()).size).toBe(0);
    expect(await visitor.count()).toBe("0");
  });

  it("runs again as often as its class says", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Hasty#fail");
    await visitor.ring();
    await visitor.ring(MINUTE);
    expect(logged.map(({ event }) => event)).toEqual(["timer-failed", "timer-given-up"]);
    expect((await visitor.timers()).size).toBe(0);
  });

  it("does not keep the others from running, nor its page from being told what they did", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_fail", "first");
    await visitor.set({ in: 0 }, "Timed#_run", "second");
    await visitor.ring();
    expect(labels()).toEqual(["first", "second"]);
    expect(await visitor.count()).toBe("1");
  });

  it("fails also when what it says to the pages cannot be rendered", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_sayBadly");
    await visitor.ring();
    expect(logged).toMatchObject([{ event: "timer-failed" }]);
    expect(await visitor.count()).toBe("0");
  });

  it("is given up for this time when it takes too long, and what it writes then is dropped", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0 }, "Timed#_wait", "slow");
    const expirations: (() => void)[] = [];
    await visitor.inside((_, object) => {
      const { runtime } = Reflect.get(object, "surroundings");
      vi.spyOn(runtime, "timer").mockImplementation((...[ms, expired]: unknown[]) => {
        expect(ms).toBe(LIMITS.turnMs);
        expirations.push(expired as () => void);
        return () => {};
      });
    });
    const ringing = visitor.ring();
    await vi.waitFor(() => expect(expirations).toHaveLength(1));
    await visitor.inside(() => expirations[0]?.());
    await ringing;
    await visitor.inside(() => gate.go?.());
    vi.restoreAllMocks();
    expect(logged).toMatchObject([{ event: "timer-failed", cause: { name: "DeadlineError" } }]);
    expect(await visitor.count()).toBe("0");
    expect((await visitor.timers()).size).toBe(1);
  });

  it("by ending its object is counted before it is tried again, and lets the others run first; in the end it is given up", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: 0, id: "one" }, "Timed#_wait", "deadly");
    await visitor.set({ in: MINUTE, id: "two" }, "Timed#_run", "other");
    const again = { isRetry: true, retryCount: 1 };
    const ringing = visitor.inside((_, object) => {
      void Reflect.get(object, "alarm").call(object, again);
    });
    await vi.waitFor(() => expect(labels()).toEqual(["deadly"]));
    await ringing;
    expect((await visitor.timers()).get("one")).toMatchObject({ at: clock.now + 500, attempts: 1 });
    await visitor.abort();
    await visitor.inside(({ kv }) => {
      const key = `session:${TIMER_KEY}one`;
      kv.put(key, { ...kv.get<TimerRecord>(key), attempts: LIMITS.timerRetriesMax + 1 });
    });
    clock.now += MINUTE;
    await visitor.inside((_, object) => Reflect.get(object, "alarm").call(object, again));
    expect(logged).toMatchObject([{ event: "timer-given-up", target: "Timed#_wait" }]);
    expect(labels()).toEqual(["deadly", "other"]);
    expect((await visitor.timers()).size).toBe(0);
  });
});

describe("the pages that are open when a timer runs", () => {
  it("are all brought up to date, with their own assigns", async () => {
    const visitor = await Visitor.open();
    const other = await Tab.open("/", visitor.tab.cookie);
    await other.call("Probe#greet", { element: ["a", { "data-name": "Ada" }] });
    await visitor.set({ in: 0 });
    await visitor.ring();
    for (const tab of [visitor.tab, other]) {
      await tab.until(() => tab.pushes.length > 0);
      expect(JSON.stringify(tab.pushes)).toMatch(/<p id=|Count &lt;1/);
      expect(JSON.stringify(tab.pushes)).not.toContain("a timer's");
    }
    expect(other.pushes).toEqual([
      [
        ["", ["0", "1"]],
        ["title", "Count &lt;1&gt;"],
      ],
    ]);
  });

  it("are rendered also when the session did not change, and not when the timer says nothing", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    renders.length = 0;
    await visitor.set({ in: 0 }, "Timed#_runQuietly");
    await visitor.ring();
    await visitor.tab.call("Probe#whisper");
    expect(renders).toEqual([]);
    await visitor.set({ in: 0 }, "Timed#_runWithoutChange");
    await visitor.ring();
    await visitor.tab.call("Probe#whisper");
    expect(renders).toEqual(["/"]);
    // What the quiet one changed is shown with the next render.
    expect(visitor.tab.pushes).toEqual([
      [
        ["", ["0", "2"]],
        ["title", "Count &lt;2&gt;"],
      ],
    ]);
  });

  it("are all told what it morphs by selector, and nothing else; their next update is the page", async () => {
    const visitor = await Visitor.open();
    const other = await Tab.open("/static", visitor.tab.cookie);
    await visitor.tab.call("Probe#add");
    // Behind the render of the other page.
    await other.call("Probe#whisper");
    renders.length = 0;
    await visitor.set({ in: 0 }, "Timed#_say", "tea");
    await visitor.ring();
    for (const tab of [visitor.tab, other]) {
      await tab.until(() => tab.pushes.length > 0);
      expect(tab.pushes.at(-1)).toEqual([["inner", "#said", "<b>tea</b>"]]);
    }
    expect(renders).toEqual([]);
    expect((await visitor.tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.anything(), "Count &lt;3&gt;"],
    ]);
  });

  it.each([
    ["is shown again when what another tab did is shown by no other", "a tab", ["<b>hi</b>"]],
    ["is not when a timer has changed the session behind it, though it had no page rendered", "a timer", []],
  ])("whose selector morph was lost with the object: it %s", async (_, what, shown) => {
    const name = newTabId();
    const visitor = await Visitor.open();
    const tab = await Tab.open("/", visitor.tab.cookie, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    if (what === "a tab") await visitor.tab.call("Timed#mark");
    else {
      await visitor.set({ in: 0 }, "Timed#_runQuietly");
      await visitor.ring();
    }
    await evictDurableObject(visitor.stub, { webSockets: "close" });
    const again = await Tab.open("/", tab.cookie, { tab: name, state: "" });
    again.callAs(1, "Probe#say", { args: ["hi"] });
    await again.reply(1);
    const updates = again.pushes.flat();
    expect(updates.flatMap(([kind, , content]) => (kind === "inner" ? [content] : []))).toEqual(shown);
  });

  it("show it when they come back", async () => {
    const name = newTabId();
    const first = await Visitor.open();
    const tab = await Tab.open("/", first.tab.cookie, { tab: name });
    await tab.call("Probe#add");
    for (const target of ["Timed#_run", "Timed#_say"]) await first.set({ in: 0 }, target, "x");
    tab.socket.close(1000);
    await tab.closed;
    await first.ring();
    const again = await Tab.open("/", tab.cookie, { tab: name, seen: 1, low: 2, state: "" });
    await again.until(() => again.pushes.length > 0);
    expect(JSON.stringify(again.pushes)).toContain("Count &lt;3&gt;");
  });
});

describe("a session with timers", () => {
  it("does not end before they have run, and ends then if nobody came", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    clock.now += SESSION_MS - MINUTE;
    await later(visitor.id, "Timed#_run", { in: 2 * MINUTE }, "last");
    await visitor.ring(MINUTE);
    expect(labels()).toEqual([]);
    expect(await visitor.inside((storage) => storage.getAlarm())).toBe(clock.now + MINUTE);
    await visitor.ring(MINUTE);
    expect(labels()).toEqual(["last"]);
    await visitor.ring();
    expect(await visitor.inside(({ kv }) => [...kv.list()])).toEqual([]);
    expect((await visitor.tab.closed).reason).toBe("session-expired");
  });

  it("lives no longer for their running: only a visitor moves its end on", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    const end = clock.now + SESSION_MS;
    clock.now += SESSION_MS / 2;
    await later(visitor.id, "Timed#_run", { in: 0 });
    await visitor.ring();
    expect(labels()).toHaveLength(1);
    expect(await visitor.inside((storage) => storage.getAlarm())).toBe(end);
    await visitor.tab.call("Probe#add");
    // Not moved with the end: it rings in vain, and is set for the new one.
    clock.now = end;
    await visitor.ring();
    expect(await visitor.inside((storage) => storage.getAlarm())).toBe(end + SESSION_MS / 2);
    expect(await visitor.count()).toBe("3");
  });

  it("is not ended by an alarm that waited behind a call of its visitor", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    clock.now += SESSION_MS;
    const waiting = visitor.tab.call("Probe#addWhenTold");
    await vi.waitFor(() => expect(told.go).toBeDefined());
    const ringing = visitor.ring();
    await visitor.inside(() => told.go?.());
    await Promise.all([waiting, ringing]);
    expect(await visitor.count()).toBe("9000");
  });

  it("takes them along when it is reset: those of the old session are gone, those set behind it are the next one's", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: MINUTE, id: "old" });
    const response = await visit("/reset-with-timer", { headers: { Cookie: visitor.tab.cookie } });
    const next = new Visitor(visitor.tab, await response.text());
    expect(next.id).not.toBe(visitor.id);
    expect([...(await visitor.timers()).keys()]).toEqual([]);
    expect([...(await next.timers()).keys()]).toEqual(["after"]);
    await expect(later(visitor.id, "Timed#_run", { in: 0 })).rejects.toMatchObject({
      code: "session-unknown",
    });
    await visitor.ring(MINUTE);
    expect(runs).toEqual([]);
    await next.ring();
    expect(labels()).toEqual([next.id]);
  });

  it("sets an alarm again that the platform has lost", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: MINUTE });
    await visitor.inside((storage) => storage.deleteAlarm());
    clock.now += MINUTE + LIMITS.lateAlarmMs;
    await visitor.tab.call("Probe#add");
    expect(await visitor.inside((storage) => storage.getAlarm())).toBeNull();
    clock.now += 1;
    await visitor.tab.call("Probe#add");
    // At once, to see what is due: not only when the session ends.
    expect(await visitor.inside((storage) => storage.getAlarm())).toBe(clock.now);
    await visitor.ring();
    expect(labels()).toHaveLength(1);
  });

  it("leaves an alarm that comes late to ring again, should the object end before everything has run", async () => {
    const visitor = await Visitor.open();
    await visitor.set({ in: MINUTE }, "Timed#_run", "first");
    await visitor.set({ in: MINUTE }, "Timed#_wait", "second");
    const ringing = visitor.ring(MINUTE + LIMITS.lateAlarmMs + 1);
    await vi.waitFor(() => expect(labels()).toEqual(["first", "second"]));
    // Set for another time, it would be that which the platform lets it ring at.
    expect(await visitor.inside((storage) => storage.getAlarm())).toBeNull();
    await visitor.inside(() => gate.go?.());
    await ringing;
    expect(await visitor.inside((storage) => storage.getAlarm())).toBe(START + SESSION_MS);
  });
});

describe("the alarm of a session", () => {
  it("is set for what comes to be due while it rings, also behind what a duty says that is next", async () => {
    const { stub } = await Visitor.open();
    const timer = { at: START, order: 1, target: "Timed#_run", args: [], url: ORIGIN, attempts: 0 };
    const alarmAt = await runInDurableObject(stub, async (_, { storage }) => {
      const store = new StoredSession(storage, { expiresInMs: SESSION_MS, now: () => clock.now });
      store.commit(new Map([[`${TIMER_KEY}due`, timer]]));
      const commits = async (): Promise<undefined> => {
        store.commit(new Map([[`${TIMER_KEY}soon`, { ...timer, at: START + MINUTE }]]));
      };
      const later = { ring: async () => START + 2 * MINUTE };
      await new SessionAlarm(store, [later, { ring: commits }], () => clock.now).ring(
        false,
        async () => false,
      );
      return await storage.getAlarm();
    });
    expect(alarmAt).toBe(START + MINUTE);
  });
});

describe("a timer from outside the session", () => {
  it("runs in the session, at the front page of the site as its visitor knows it", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add", { args: [4] });
    const id = await later(visitor.id, "Timed#_run", { in: 0 }, "outside", new Date(5));
    expect([...(await visitor.timers()).keys()]).toEqual([id]);
    await visitor.ring();
    expect(runs).toMatchObject([{ url: `${ORIGIN}/`, args: ["outside", new Date(5)] }]);
    expect(await visitor.count()).toBe("5");
  });

  it("takes the arguments that a reflex may give, objects of classes too, and refuses the others as there", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    const bare = Object.assign(Object.create(null), { x: 1 });
    await later(
      visitor.id,
      "Timed#_run",
      { in: 0 },
      "outside",
      new (class Point {
        readonly y = 2;
      })(),
      bare,
    );
    await visitor.ring();
    expect(runs).toMatchObject([{ args: ["outside", { y: 2 }, { x: 1 }] }]);
    await expect(later(visitor.id, "Timed#_run", { in: 0 }, () => 1)).rejects.toMatchObject({
      name: "TimerError",
      code: "timer-args",
    });
    expect((await visitor.timers()).size).toBe(0);
  });

  it("replaces the one that waits under its name", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    for (const label of ["first", "second"])
      expect(await later(visitor.id, "Timed#_run", { in: 0, id: "report" }, label)).toBe("report");
    await visitor.ring();
    expect(labels()).toEqual(["second"]);
  });

  it.each([
    ["a session that never was", "nobody"],
    ["a session without a name", ""],
  ])("is refused for %s, which stores nothing", async (_, id) => {
    const refusal = later(id, "Timed#_run", { in: 0 });
    await expect(refusal).rejects.toMatchObject({ name: "TimerError", code: "session-unknown" });
    if (id === "") return;
    const stored = await runInDurableObject(exports.SessionObject.getByName(id), (_, { storage }) => [
      ...storage.kv.list(),
    ]);
    expect(stored).toEqual([]);
  });

  it("is refused for a session that nothing was stored in, and for one that has ended", async () => {
    const visitor = await Visitor.open();
    const refused = { code: "session-unknown" };
    await expect(later(visitor.id, "Timed#_run", { in: 0 })).rejects.toMatchObject(refused);
    await visitor.tab.call("Probe#add");
    clock.now += SESSION_MS;
    await expect(later(visitor.id, "Timed#_run", { in: 0 })).rejects.toMatchObject(refused);
    await visitor.ring();
    await expect(later(visitor.id, "Timed#_run", { in: 0 })).rejects.toMatchObject(refused);
    expect(await visitor.inside(({ kv }) => [...kv.list()])).toEqual([]);
  });

  it("is refused with the error that a reflex gets", async () => {
    const visitor = await Visitor.open();
    await visitor.tab.call("Probe#add");
    const error = await later(visitor.id, "Timed#missing", { in: 0 }).catch((cause) => cause);
    expect(error).toBeInstanceOf(TimerError);
    expect(error.message).toMatch(/"Timed#missing" \(unknown-action\)/);
  });
});
