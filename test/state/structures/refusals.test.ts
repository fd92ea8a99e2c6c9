import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/protocol/limits.ts";
import { SessionError } from "../../../src/state/draft.ts";
import { KeyedStructures } from "../../../src/state/structures/keyed-structures.ts";
import { StructureError } from "../../../src/state/structures/structure-error.ts";
import { Structures } from "../../../src/state/structures/structures.ts";
import { MemoryObject, MemoryStore, turnOver } from "../../support/structure-places.ts";

/** Something that a caller whose types are wrong may ask, and what is said to it. */
type Refusal = readonly [what: string, ask: (structures: Structures) => unknown, message: RegExp];

class Point {
  readonly x = 1;
}

const REFUSALS: readonly Refusal[] = [
  ["text that is none", (s) => s.string("it").set(1 as never), /"it" was given 1; expected text/],
  ["a whole number with a fraction", (s) => s.integer("it").set(0.5), /given 0.5; expected a whole number/],
  ["NaN", (s) => s.integer("it").set(Number.NaN), /given NaN; expected a whole number/],
  ["a truth that is none", (s) => s.boolean("it").set("yes" as never), /given "yes"; expected true or false/],
  ["a date that is none", (s) => s.datetime("it").set(new Date("never")), /given .*; expected a valid Date/],
  [
    "JSON that is none",
    (s) => s.json("it").set({ at: [new Date(0)] }),
    /given a Date at .at\[0\]; expected what JSON/,
  ],
  [
    "an instance of a class",
    (s) => s.json("it").set(new Point()),
    /given a Point; expected what JSON can write/,
  ],
  ["no JSON at all", (s) => s.json("it").set(undefined), /given undefined; expected what JSON can write/],
  [
    "a number that JSON has not",
    (s) => s.json("it").set([Number.POSITIVE_INFINITY]),
    /given Infinity at \[0\]/,
  ],
  ["counting by NaN", (s) => s.counter("it").increment(Number.NaN), /given NaN; expected a whole number/],
  [
    "counting back by text",
    (s) => s.counter("it").decrement("1" as never),
    /given "1"; expected a whole number/,
  ],
  [
    "counting over what is exact",
    (s) => s.counter("it", { default: Number.MAX_SAFE_INTEGER }).increment(),
    /would be 9007199254740992; expected/,
  ],
  [
    "a start that is no number",
    (s) => s.counter("it", { default: 0.5 }),
    /given 0.5; expected a whole number/,
  ],
  [
    "what is not among the values",
    (s) => s.enum("it", { values: ["a", "b"], default: "a" }).set("c" as never),
    /given "c"; expected one of \["a","b"\]/,
  ],
  [
    "asking for what is not",
    (s) => s.enum("it", { values: ["a"], default: "a" }).is("c" as never),
    /given "c"/,
  ],
  [
    "a default that is not among them",
    (s) => s.enum("it", { values: ["a"], default: "c" as never }),
    /given "c"/,
  ],
  [
    "no values",
    (s) => s.cycle("it", { values: [] }),
    /given \[\] as values; expected 1 to 10000 different texts/,
  ],
  ["the same value twice", (s) => s.cycle("it", { values: ["a", "a"] }), /given \["a","a"\] as values/],
  [
    "a limit below 1",
    (s) => s.limiter("it", { limit: 0 }),
    /given 0 as limit; expected a whole number of at least 1/,
  ],
  ["a list's limit of NaN", (s) => s.list("it", { limit: Number.NaN }), /given NaN as limit; expected/],
  [
    "a list's limit over all",
    (s) => s.uniqueList("it", { limit: 10_001 }),
    /given 10001 as limit; .*to 10000/,
  ],
  [
    "a default that is no list",
    (s) => s.set("it", { default: "ab" as never }),
    /given "ab" as default; expected an array/,
  ],
  [
    "an item that JSON cannot write",
    (s) => s.list<unknown>("it").append("a", new Map()),
    /given a Map; expected items/,
  ],
  [
    "a member that is undefined",
    (s) => s.set<unknown>("it").add(undefined),
    /given undefined; expected items/,
  ],
  ["looking for NaN", (s) => s.set<unknown>("it").include(Number.NaN), /given NaN; expected items/],
  ["the last -1", (s) => s.list("it").last(-1), /asked for its last -1 items; expected a whole number/],
  [
    "the top half",
    (s) => s.orderedSet("it").top(0.5),
    /asked for its top 0.5 items; expected a whole number/,
  ],
  [
    "a score of NaN",
    (s) => s.orderedSet("it").add("a", Number.NaN),
    /given NaN as score; expected a finite number/,
  ],
  [
    "a hash of a map",
    (s) => s.hash("it").update(new Map() as never),
    /expected a plain object whose values JSON/,
  ],
  [
    "a hash of an array",
    (s) => s.hash("it").update(["a"] as never),
    /expected a plain object whose values JSON/,
  ],
  [
    "a hash of undefined",
    (s) => s.hash<unknown>("it").set("a", undefined),
    /given undefined at \[0\]\[1\]; expected/,
  ],
  ["a key that is no text", (s) => s.hash("it").set(1 as never, "a"), /given 1 as key; expected text/],
  [
    "no slots",
    (s) => s.slots("it", { available: 0 }),
    /given 0 as available; expected a whole number from 1 to/,
  ],
  [
    "a time that is none",
    (s) => s.flag("it", { expiresIn: 0 }),
    /given 0 as expiresIn; expected whole milliseconds/,
  ],
  ["a time over a year", (s) => s.string("it", { expiresIn: 1e12 }), /given 1000000000000 as expiresIn/],
  ["marking for no time", (s) => s.flag("it").mark({ expiresIn: Number.NaN }), /given NaN as expiresIn/],
  ["half a millisecond", (s) => s.list("it", { expiresIn: 1.5 }), /given 1.5 as expiresIn; expected whole/],
  ["a slot for no time", (s) => s.slot("it", { expiresIn: -1 }), /given -1 as expiresIn/],
  ["an empty name", (s) => s.counter(""), /The name of a structure "" must be text of 1 to 200 characters/],
  ["a name too long", (s) => s.counter("n".repeat(201)), /has 201 characters; it must be text of 1 to 200/],
  ["a name that is no text", (s) => s.counter(1 as never), /The name of a structure 1 must be text/],
  ["half a character", (s) => s.counter("\ud800"), /The name of a structure "\\ud800" must be text/],
];

/** What rejects or throws, thrown. */
async function errorOf(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(REFUSALS)("%s", (_, ask, message) => {
  it("is refused in a session, and nothing is written", async () => {
    const store = new MemoryStore();
    const { draft, structures } = turnOver(store);
    const error = await errorOf(() => ask(structures));
    expect(error).toBeInstanceOf(StructureError);
    expect(error).toMatchObject({ name: "StructureError", message: expect.stringMatching(message) });
    store.commit(draft);
    expect(store.writes).toBe(0);
  });

  it("is refused for a key with the same error, and nothing is written", async () => {
    const object = new MemoryObject();
    const here = await errorOf(() => ask(turnOver(new MemoryStore()).structures));
    // Their methods have the same names, and their promises are awaited.
    const there = await errorOf(() => ask(new KeyedStructures(object) as unknown as Structures));
    expect(there).toBeInstanceOf(StructureError);
    const { code, structure } = here as StructureError;
    expect(there).toMatchObject({ message: (here as Error).message, code, structure });
    const isOfState = message.source.startsWith("would be");
    expect([object.asked, object.writes]).toEqual([Number(isOfState), 0]);
  });
});

describe("a structure of another kind under the same name", () => {
  it("is refused with both kinds, until it is cleared or has ended", () => {
    const store = new MemoryStore();
    const { structures } = turnOver(store);
    const clicks = structures.counter("it", { expiresIn: 100 });
    clicks.increment();
    const list = structures.list("it");
    expect(() => list.value).toThrow(
      /Structure "it" is a counter and was asked as a list; take another name/,
    );
    expect(() => list.append("a")).toThrow(StructureError);
    expect(() => list.clear()).toThrow(StructureError);
    expect(clicks.value).toBe(1);
    store.now += 100;
    list.append("a");
    expect(list.value).toEqual(["a"]);
    expect(() => clicks.value).toThrow(/is a list and was asked as a counter/);
  });
});

describe("the bounds of a structure", () => {
  const items = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

  it("take as many items as they say, and not one more", () => {
    const { structures } = turnOver(new MemoryStore());
    const max = LIMITS.structureItems;
    const full = /would hold 10001 (items|keys); expected at most 10000/;
    structures.list("list").append(...items(max));
    expect(() => structures.list("list").append("x")).toThrow(full);
    structures.set("set").add(...items(max));
    expect(() => structures.set("set").add("x")).toThrow(full);
    structures.hash("hash").update(Object.fromEntries(items(max).map((key) => [key, "v"])));
    expect(() => structures.hash("hash").set("x", "v")).toThrow(full);
    structures.orderedSet("ordered").append(...items(max), "x");
    expect(structures.orderedSet("ordered").size).toBe(max);
    structures.uniqueList("unique").append(...items(max), "x");
    expect(structures.uniqueList("unique").size).toBe(max);
  });

  it("refuse a value over the limit of session values, by its name and both sizes", () => {
    const store = new MemoryStore();
    const { draft, structures } = turnOver(store);
    const text = structures.string("text");
    const error = (() => {
      try {
        text.set("x".repeat(LIMITS.sessionValueChars));
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(error).toMatchObject({ code: "structure-full", structure: "text" });
    expect(String(error)).toMatch(/Structure "text" would take 9900\d\d; expected at most 990000 characters/);
    store.commit(draft);
    expect(store.writes).toBe(0);
  });

  it("let values nest so deep, and no deeper, and values that contain themselves not at all", () => {
    const { structures } = turnOver(new MemoryStore());
    const json = structures.json<unknown>("json");
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
    json.set(nested(LIMITS.structureDepth));
    expect(() => json.set(nested(LIMITS.structureDepth + 2))).toThrow(/more than 32 levels at \[0\]/);
    const ring: { self?: unknown } = {};
    ring.self = ring;
    expect(() => json.set(ring)).toThrow(/more than 32 levels/);
  });

  it("keep a key within what names an object", () => {
    const structures = new Structures({
      draft: turnOver(new MemoryStore()).draft,
      now: () => 0,
      at: () => new MemoryObject(),
    });
    expect(structures.for("k".repeat(LIMITS.structureKeyChars))).toBeInstanceOf(KeyedStructures);
    for (const key of ["", "k".repeat(LIMITS.structureKeyChars + 1), 42, "\udc00"])
      expect(() => structures.for(key as string)).toThrow(
        /The key of structures .* must be text of 1 to 256 characters/,
      );
  });
});

describe("a structure whose turn is over", () => {
  it("says so, as the session does", () => {
    const { draft, structures } = turnOver(new MemoryStore());
    const clicks = structures.counter("clicks");
    draft.close();
    expect(() => clicks.increment()).toThrow(SessionError);
    expect(() => clicks.increment()).toThrow(/Structure "clicks" came after its turn ended/);
  });
});

describe("an object that does not know what it is asked", () => {
  it("says that its code may be older", async () => {
    const object = new MemoryObject();
    for (const [kind, member] of [
      ["bag", "value"],
      ["counter", "double"],
      ["counter", "constructor"],
      ["toString", "value"],
      ["counter", "__proto__"],
    ] as const) {
      const call = { kind, name: "it", options: {}, member, args: [], isWatched: false };
      expect(await object.ask(call)).toMatchObject({
        kind: "refused",
        message: expect.stringMatching(/older version/),
      });
    }
  });
});
