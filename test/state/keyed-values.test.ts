import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { SessionStore } from "../../src/state/draft.ts";
import type { KeyedValues } from "../../src/state/keyed-values.ts";
import { TurnState } from "../../src/state/turn-state.ts";

/** A store that takes what turns hand over. */
class MemoryStore implements SessionStore {
  readonly values = new Map<string, unknown>();
  read(key: string): unknown {
    return structuredClone(this.values.get(key));
  }
  keys(): Iterable<string> {
    return this.values.keys();
  }
  commit(turn: TurnState): void {
    for (const [key, value] of turn.close().changes) {
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
    }
  }
}

const turnOver = (store: MemoryStore) =>
  new TurnState({ id: "id", store, visitor: { tab: { name: "tab" } }, now: () => 5 });

const key = fc.constantFrom("a", "b", "c");
const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constant("delete" as const), key }),
  fc.record({ kind: fc.constant("update" as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constant("clear" as const) }),
);
const turns = fc.array(
  fc.record({ steps: fc.array(step, { size: "max", maxLength: 12 }), fails: fc.boolean() }),
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

/** Does a step to both. */
function apply(one: Step, values: KeyedValues, model: Map<string, number>): void {
  switch (one.kind) {
    case "set":
      values.set(one.key, one.value);
      model.set(one.key, one.value);
      return;
    case "delete":
      values.delete(one.key);
      model.delete(one.key);
      return;
    case "update":
      expect(values.update(one.key, (old) => Number(old ?? 0) + one.value)).toBe(
        (model.get(one.key) ?? 0) + one.value,
      );
      model.set(one.key, (model.get(one.key) ?? 0) + one.value);
      return;
    case "clear":
      values.clear();
      model.clear();
  }
}

describe.each(["session", "tab"] as const)("the values of a %s", (scope) => {
  it("are a map over turns, of which those that fail leave nothing", () => {
    fc.assert(
      fc.property(turns, (turns) => {
        const store = new MemoryStore();
        let committed = new Map<string, number>();
        for (const { steps, fails } of turns) {
          const turn = turnOver(store);
          const values = turn[scope];
          const model = new Map(committed);
          for (const one of steps) {
            apply(one, values, model);
            expect([...values.keys()].sort()).toEqual([...model.keys()].sort());
          }
          for (const name of ["a", "b", "c"]) {
            expect(values.get(name)).toBe(model.get(name));
            expect(values.has(name)).toBe(model.has(name));
            expect(values.fetch(name, -1)).toBe(model.get(name) ?? -1);
            expect(values.fetch(name, () => "none")).toBe(model.get(name) ?? "none");
          }
          if (fails) turn.abandon();
          else {
            store.commit(turn);
            committed = model;
          }
        }
        const after = turnOver(store)[scope];
        expect(new Map(after.keys().map((name) => [name, after.get(name)]))).toEqual(committed);
      }),
      { verbose: true },
    );
  });

  it("refuse keys and values over their limits, naming key, size and limit, and write nothing", () => {
    const store = new MemoryStore();
    const turn = turnOver(store);
    const values = turn[scope];
    const long = "k".repeat(LIMITS.sessionKeyChars + 1);
    expect(() => values.set(long, 1)).toThrow(/has 257; it must be text of 1 to 256 characters/);
    expect(() => values.set("reflex.flash", 1)).toThrow(/does not begin with "reflex\."/);
    expect(() => values.set("big", "x".repeat(LIMITS.sessionValueChars + 1))).toThrow(
      /"big" would take 990001; expected at most 990000 characters/,
    );
    expect(() => values.set("call", () => 1)).toThrow(/"call" cannot be stored/);
    store.commit(turn);
    expect(store.values.size).toBe(0);
  });

  it("are read and not written by a turn that may only read", () => {
    const store = new MemoryStore();
    const first = turnOver(store);
    first[scope].set("a", 1);
    store.commit(first);
    const turn = new TurnState({ id: "id", store, isReadonly: true, visitor: { tab: { name: "tab" } } });
    expect(turn[scope].get("a")).toBe(1);
    expect(() => turn[scope].set("a", 2)).toThrow(/declared ephemeral or concurrent/);
  });
});

describe("the state of a tab", () => {
  it("cannot be written where there is no tab", () => {
    const turn = new TurnState({ id: "id", store: new MemoryStore() });
    expect(turn.tab.get("a")).toBeUndefined();
    expect(() => turn.tab.set("a", 1)).toThrow(/written where there is no tab/);
  });
});
