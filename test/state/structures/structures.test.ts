import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyedStructures } from "../../../src/state/structures/keyed-structures.ts";
import { declare, LAWS, type Law, type Step, take } from "../../support/structure-laws.ts";
import type { Model } from "../../support/structure-models.ts";
import { MemoryObject, MemoryStore, turnOver } from "../../support/structure-places.ts";

describe.each(LAWS)("a $kind of a session", (law) => {
  it("agrees with a model in plain memory, through commits and turns that came to nothing", () => {
    const turns = fc.array(
      fc.record({ steps: fc.array(law.steps, { maxLength: 6 }), isKept: fc.boolean() }),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(turns, (turns) => {
        const store = new MemoryStore();
        let kept: readonly Step[] = [];
        for (const { steps, isKept } of turns) {
          const { draft, structures } = turnOver(store);
          const model = law.model();
          for (const step of kept) take(law, model, step);
          const { writes } = model;
          let changes = 0;
          const structure = declare(structures, law, "it", {
            onChange: (value: unknown) => {
              changes += 1;
              expect(value).toEqual(Reflect.get(structure, "value"));
            },
          });
          for (const step of steps) {
            expect(take(law, structure, step)).toEqual(take(law, model, step));
            expect(Reflect.get(structure, "value")).toEqual(Reflect.get(model, "value"));
          }
          expect(changes).toBe(model.writes - writes);
          if (!isKept) continue;
          kept = [...kept, ...steps];
          store.commit(draft);
          expect([...store.values.keys()]).toEqual(model.stored ? ["reflex.structure.it"] : []);
        }
      }),
    );
  });

  it("of a key agrees with it too, and writes once for a change", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(law.steps, { maxLength: 12 }), async (steps) => {
        const object = new MemoryObject();
        const told: unknown[] = [];
        const options = { onChange: (value: unknown) => void told.push(value) };
        const structure = declare(new KeyedStructures(object), law, "it", options);
        const model = law.model();
        for (const step of steps) {
          const { asked } = object;
          expect(await take(law, structure, step)).toEqual(take(law, model, step));
          expect([object.asked - asked, object.writes, told.length]).toEqual([1, model.writes, model.writes]);
          expect(await Reflect.get(structure, "value")).toEqual(Reflect.get(model, "value"));
          if (told.length > 0) expect(told.at(-1)).toEqual(Reflect.get(model, "value"));
        }
      }),
    );
  });
});

// Of slots, each reservation has an end of its own.
const ENDING = LAWS.filter(({ kind }) => kind !== "slots");

/** A model that starts again when its time, 100 ms, is over. */
class EndingModel {
  model: Model;
  readonly #law: Law;
  #end = Number.POSITIVE_INFINITY;

  constructor(law: Law) {
    this.#law = law;
    this.model = law.model();
  }

  take(step: Step, now: number): unknown {
    const { writes } = this.model;
    const result = take(this.#law, this.model, step);
    const isWindow = this.#law.kind === "counter" || this.#law.kind === "limiter";
    const isMoved = !isWindow || this.#end === Number.POSITIVE_INFINITY;
    if (this.model.writes > writes && isMoved) this.#end = now + 100;
    if (!this.model.stored) this.#end = Number.POSITIVE_INFINITY;
    return result;
  }

  passed(now: number): void {
    if (now < this.#end) return;
    this.model = this.#law.model();
    this.#end = Number.POSITIVE_INFINITY;
  }
}

describe.each(ENDING)("a $kind that is kept for a time", (law) => {
  it("starts again when that is over, lazily", () => {
    const pass = fc.nat({ max: 60 }).map((ms): Step => ["pass", ms]);
    fc.assert(
      fc.property(fc.array(fc.oneof(law.steps, pass), { maxLength: 15 }), (steps) => {
        const store = new MemoryStore();
        const ending = new EndingModel(law);
        for (const step of steps) {
          const { draft, structures } = turnOver(store);
          const structure = declare(structures, law, "it", { expiresIn: 100 });
          if (step[0] === "pass") store.now += Number(step[1]);
          else expect(take(law, structure, step)).toEqual(ending.take(step, store.now));
          ending.passed(store.now);
          expect(Reflect.get(structure, "value")).toEqual(Reflect.get(ending.model, "value"));
          store.commit(draft);
        }
      }),
    );
  });
});

describe("a structure that may only be read", () => {
  it("gives its value, and refuses every change", () => {
    const store = new MemoryStore();
    const { draft, structures } = turnOver(store);
    structures.counter("clicks").increment(3);
    store.commit(draft);
    const reading = turnOver(store, true);
    const clicks = reading.structures.counter("clicks");
    expect(clicks.value).toBe(3);
    expect(() => clicks.increment()).toThrow(
      /Structure "clicks" cannot be written by an action that is declared/,
    );
    expect(clicks.value).toBe(3);
    expect(store.writes).toBe(1);
  });
});

describe("a flag", () => {
  it("stays marked for as long as it is told, or was declared, and begins anew unless told not to", () => {
    const store = new MemoryStore();
    const { structures } = turnOver(store);
    const flag = structures.flag("seen", { expiresIn: 100 });
    const marks = () => [flag.marked, flag.value];
    flag.mark();
    store.now += 99;
    expect(flag.mark({ force: false })).toBe(false);
    expect(marks()).toEqual([true, true]);
    store.now += 1;
    expect(marks()).toEqual([false, false]);
    expect(flag.mark({ expiresIn: 10, force: false })).toBe(true);
    store.now += 9;
    expect(flag.mark({ expiresIn: 50 })).toBe(true);
    store.now += 49;
    expect(marks()).toEqual([true, true]);
    store.now += 1;
    expect(marks()).toEqual([false, false]);
  });
});

describe("slots", () => {
  it("end each by itself when their time is over", () => {
    const store = new MemoryStore();
    const slots = turnOver(store).structures.slots("jobs", { available: 2, expiresIn: 100 });
    slots.reserve();
    store.now += 60;
    slots.reserve();
    expect([slots.available, slots.value, slots.reserve()]).toEqual([false, 2, false]);
    store.now += 40;
    expect([slots.available, slots.value]).toEqual([true, 1]);
    store.now += 60;
    expect([slots.value, slots.release()]).toEqual([0, false]);
  });

  it("are held while work is done, and released when it is done and when it fails, by nobody else", async () => {
    const object = new MemoryObject();
    const ofSession = turnOver(new MemoryStore()).structures.slot("job", { expiresIn: 100 });
    const ofKey = new KeyedStructures(object).slot("job", { expiresIn: 100 });
    for (const slot of [ofSession, ofKey]) {
      let seen: unknown;
      const work = async () => {
        seen = [await slot.available, await slot.value, await slot.release(), await slot.reserve(() => {})];
      };
      expect(await slot.reserve(work)).toBe(true);
      expect(seen).toEqual([false, 1, false, false]);
      expect([await slot.available, await slot.value]).toEqual([true, 0]);
      const failing = slot.reserve(() => {
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await slot.available).toBe(true);
    }
  });

  it("that were lost to time are not taken from those who hold them now", async () => {
    const object = new MemoryObject();
    const slot = new KeyedStructures(object).slot("job", { expiresIn: 100 });
    await slot.reserve(async () => {
      object.now += 100;
      expect(await slot.reserve()).toBe(true);
    });
    expect(await slot.available).toBe(false);
    await slot.reset();
    expect(await slot.available).toBe(true);
    expect(object.rows.size).toBe(0);
  });
});

describe("what is kept of slots", () => {
  const endOf = (object: MemoryObject) => JSON.parse(object.rows.get("jobs") ?? "[]")[2];

  it("ends with the last reservation, and never while one of them does not", async () => {
    const object = new MemoryObject();
    const structures = new KeyedStructures(object);
    const ending = structures.slots("jobs", { available: 3, expiresIn: 100 });
    await ending.reserve();
    object.now += 10;
    await ending.reserve();
    expect(endOf(object)).toBe(object.now + 100);
    await structures.slots("jobs", { available: 3 }).reserve();
    expect(endOf(object)).toBeUndefined();
  });
});

describe("what JSON writes otherwise", () => {
  it("is kept as JSON writes it, in a session too: no negative zero, no property that is undefined", () => {
    const { structures } = turnOver(new MemoryStore());
    const json = structures.json<unknown>("json");
    json.set({ gone: undefined, zero: -0 });
    expect(json.value).toStrictEqual({ zero: 0 });
    structures.integer("integer").set(-0);
    expect(structures.integer("integer").value).toBe(0);
    structures.orderedSet("ordered").add("a", -0);
    expect(structures.orderedSet("ordered").score("a")).toBe(0);
  });
});

describe("a callback on change", () => {
  it("that fails in a session fails the change where it was made", () => {
    const { structures } = turnOver(new MemoryStore());
    const onChange = () => {
      throw new Error("told");
    };
    expect(() => structures.counter("clicks", { onChange }).increment()).toThrow("told");
  });

  it("of a key is awaited, and told only to those who asked", async () => {
    const structures = new KeyedStructures(new MemoryObject());
    const told: number[] = [];
    const onChange = async (value: number) => {
      await null;
      told.push(value);
    };
    await structures.counter("clicks").increment();
    await structures.counter("clicks", { onChange }).increment();
    expect(told).toEqual([2]);
  });

  it("that nobody has costs nothing on the way back", async () => {
    const object = new MemoryObject();
    const call = { kind: "list", name: "it", options: {}, member: "append", args: ["a"], isWatched: false };
    expect(await object.ask(call)).toEqual({ kind: "done", result: undefined });
    expect(await object.ask({ ...call, isWatched: true })).toMatchObject({ change: { value: ["a", "a"] } });
  });
});

describe("defaults", () => {
  it("count until the first change, which starts from them, and again after a clear", () => {
    const { structures } = turnOver(new MemoryStore());
    const list = structures.list("list", { default: ["a"] });
    list.append("b");
    expect(list.value).toEqual(["a", "b"]);
    expect([list.remove("a", "b"), list.value]).toEqual([2, []]);
    list.clear();
    expect(list.value).toEqual(["a"]);
    expect(structures.set("set", { default: ["a", "b", "a"] }).value).toEqual(["a", "b"]);
    expect(structures.uniqueList("unique", { default: ["a", "a"] }).value).toEqual(["a"]);
    expect(structures.orderedSet("ordered", { default: ["a", "b", "a"] }).scores).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(structures.hash("hash", { default: { a: "1" } }).entries).toEqual([["a", "1"]]);
  });

  it("of a key that have no room leave room where there is some", async () => {
    const clicks = new KeyedStructures(new MemoryObject()).counter("clicks", {
      default: Number.MAX_SAFE_INTEGER,
    });
    await expect(clicks.increment()).rejects.toThrow(/would be 9007199254740992/);
    await clicks.decrement(5);
    expect(await clicks.increment(2)).toBe(Number.MAX_SAFE_INTEGER - 3);
  });
});

describe("an enum whose values have changed", () => {
  it("is its default where what was chosen is gone; a cycle goes on within those that there are", () => {
    const { structures } = turnOver(new MemoryStore());
    structures.enum("size", { values: ["small", "huge"], default: "small" }).set("huge");
    const size = structures.enum("size", { values: ["small", "large"], default: "large" });
    expect([size.value, size.is("large")]).toEqual(["large", true]);
    const three = structures.cycle("turn", { values: ["a", "b", "c"] });
    three.next();
    three.next();
    expect(structures.cycle("turn", { values: ["x", "y"] }).value).toBe("x");
    expect(structures.cycle("turn", { values: ["x", "y"] }).next()).toBe("y");
  });
});
