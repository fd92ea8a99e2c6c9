import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Session, SessionError } from "../../src/session/session.ts";

/** Committed values, handed out as fresh copies. */
class MemoryStore {
  readonly values = new Map<string, unknown>();
  read(key: string): unknown {
    return structuredClone(this.values.get(key));
  }
}

function draft(values: object = {}): { session: Session; store: MemoryStore } {
  const store = new MemoryStore();
  for (const [key, value] of Object.entries(values)) store.values.set(key, value);
  return { session: new Session("id", store), store };
}

describe("a session draft", () => {
  it("behaves as a map over what is committed, and leaves the store alone", () => {
    const key = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(
      fc.record({
        set: key,
        to: fc.anything({ maxDepth: 2, withDate: true, withMap: true }).filter((v) => isCloneable(v)),
      }),
      fc.record({ delete: key }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { session, store } = draft({ a: 1 });
        const model = new Map<string, unknown>([["a", 1]]);
        for (const one of steps) {
          if ("set" in one) {
            session.set(one.set, one.to);
            model.set(one.set, one.to);
          } else {
            session.delete(one.delete);
            model.delete(one.delete);
          }
        }
        for (const name of ["a", "b", "c"]) {
          expect(session.get(name)).toEqual(model.get(name));
          expect(session.has(name)).toBe(model.get(name) !== undefined);
        }
        expect([...store.values]).toEqual([["a", 1]]);
      }),
    );
  });

  it("copies values both ways", () => {
    const { session } = draft({ list: [1] });
    (session.get("list") as number[]).push(2);
    expect(session.get("list")).toEqual([1]);
    const own = [1];
    session.set("own", own);
    own.push(2);
    (session.get("own") as number[]).push(3);
    expect(session.get("own")).toEqual([1]);
  });

  it("hands over what it wrote, and takes nothing after", () => {
    const { session } = draft({ a: 1 });
    session.set("b", 2);
    session.delete("a");
    expect([...session.close()]).toEqual([
      ["b", 2],
      ["a", undefined],
    ]);
    expect(session.isClosed).toBe(true);
    expect(() => session.set("c", 3)).toThrow(/"c" came after its turn ended; await everything/);
    expect(() => session.delete("c")).toThrow(SessionError);
    expect(session.get("b")).toBe(2);
  });

  it("refuses keys and values over their limits, naming key and limit", () => {
    const { session } = draft();
    session.set("k".repeat(LIMITS.sessionKeyChars), 1);
    expect(() => session.set("k".repeat(LIMITS.sessionKeyChars + 1), 1)).toThrow(
      /must be text of 1 to 256 characters/,
    );
    expect(() => session.set("", 1)).toThrow(SessionError);
    session.set("big", "x".repeat(LIMITS.sessionValueChars));
    expect(() => session.set("big", "x".repeat(LIMITS.sessionValueChars + 1))).toThrow(
      /"big" would take 1000001; expected/,
    );
    expect(() => session.set("bytes", new Uint8Array(LIMITS.sessionValueChars + 1))).toThrow(SessionError);
  });

  it.each([() => 1, Symbol("s"), Promise.resolve(1)])("refuses what cannot be copied", (value) => {
    expect(() => draft().session.set("a", value)).toThrow(
      /Session "a" cannot be stored; expected a value that structuredClone/,
    );
  });

  it("takes values that contain themselves or share parts, in no more time than their parts take", () => {
    const { session } = draft();
    const ring: { self?: unknown } = {};
    ring.self = ring;
    session.set("ring", ring);
    let shared: unknown = ["leaf"];
    for (let level = 0; level < 60; level += 1) shared = [shared, shared];
    session.set("shared", shared);
    expect((session.get("ring") as typeof ring).self).toBeDefined();
  });
});

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return value !== undefined;
  } catch {
    return false;
  }
}
