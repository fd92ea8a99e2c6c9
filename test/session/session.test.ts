import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Session, type SessionIdentity } from "../../src/session/session.ts";
import { Draft, SessionError } from "../../src/state/draft.ts";

/** A session whose identity nobody changes. */
const NAMED: SessionIdentity = { id: "id", regenerate: () => {}, reset: () => {} };

/** Committed values, handed out as fresh copies. */
class MemoryStore {
  readonly values = new Map<string, unknown>();
  /** The keys asked for, in order. */
  readonly reads: string[] = [];
  read(key: string): unknown {
    this.reads.push(key);
    return structuredClone(this.values.get(key));
  }
  keys(): Iterable<string> {
    return this.values.keys();
  }
}

function draft(values: object = {}): { session: Session; store: MemoryStore; turn: Draft } {
  const store = new MemoryStore();
  for (const [key, value] of Object.entries(values)) store.values.set(key, value);
  const turn = new Draft(store);
  return { session: new Session(NAMED, turn), store, turn };
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

  it("reads the store once for a value that it has not written, and never for one that it has", () => {
    const { session, store } = draft({ a: 1, b: 2 });
    session.set("b", 3);
    session.delete("c");
    expect([session.get("a"), session.get("b"), session.get("c"), session.has("c")]).toEqual([
      1,
      3,
      undefined,
      false,
    ]);
    expect(store.reads).toEqual(["a"]);
  });

  it("hides what is committed from the moment it is deleted, and takes undefined for deleting", () => {
    const { session, turn } = draft({ a: 1, b: 2 });
    session.delete("a");
    session.set("b", undefined);
    expect([session.has("a"), session.has("b")]).toEqual([false, false]);
    session.set("a", 3);
    expect([...turn.close()]).toEqual([
      ["a", 3],
      ["b", undefined],
    ]);
  });

  it("tells falsy values from none", () => {
    const { session } = draft({ zero: 0, no: false, empty: "", nothing: null });
    expect(["zero", "no", "empty", "nothing", "gone"].map((key) => session.has(key))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  it("is apart from every other draft of the same session", () => {
    const store = new MemoryStore();
    const [draft, another] = [new Draft(store), new Draft(store)];
    const [one, other] = [new Session(NAMED, draft), new Session(NAMED, another)];
    one.set("a", 1);
    draft.close();
    expect([one.get("a"), other.get("a"), another.isClosed]).toEqual([1, undefined, false]);
  });

  it("hands over what it wrote, and takes nothing after", () => {
    const { session, turn } = draft({ a: 1 });
    session.set("b", 2);
    session.delete("a");
    expect([...turn.close()]).toEqual([
      ["b", 2],
      ["a", undefined],
    ]);
    expect(turn.isClosed).toBe(true);
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
      /"big" would take 990001; expected/,
    );
    expect(() => session.set("bytes", new Uint8Array(LIMITS.sessionValueChars + 1))).toThrow(SessionError);
  });

  it("measures what a value takes in the store: of a part of a buffer the whole, of shared parts one", () => {
    const bytes = new ArrayBuffer(LIMITS.sessionValueChars - 100);
    const { session, turn } = draft();
    session.set("shared", { a: new Uint8Array(bytes), b: new DataView(bytes, 10, 1), bytes });
    const large = new ArrayBuffer(LIMITS.sessionValueChars + 1);
    for (const value of [large, new Uint8Array(large, 0, 1), [new DataView(large, 5, 5)]]) {
      expect(() => session.set("large", value)).toThrow(/"large" would take 9900\d\d/);
    }
    const text = "x".repeat(LIMITS.sessionValueChars / 2 + 1);
    for (const value of [[text, `${text}y`], new Map([[text, `${text}y`]]), new Set([text, `${text}y`])]) {
      expect(() => session.set("large", value)).toThrow(/"large" would take 9900\d\d/);
    }
    expect([...turn.close().keys()]).toEqual(["shared"]);
  });

  it("refuses a value that nests too deeply to be copied, as one that cannot be", () => {
    let deep: unknown = 0;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => draft().session.set("deep", deep)).toThrow(SessionError);
  });

  it.each([1, null, undefined, {}])("refuses the key %j, which is no text", (key) => {
    expect(() => draft().session.set(key as string, 1)).toThrow(/must be text of 1 to 256 characters/);
  });

  it("names code, key and cause in its errors", () => {
    const { session, turn } = draft();
    const errorOf = (act: () => void) => {
      try {
        act();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const uncopied = errorOf(() => session.set("a", () => 1));
    expect(uncopied).toMatchObject({ name: "SessionError", code: "session-value", key: "a" });
    expect(uncopied).toMatchObject({ cause: { name: "DataCloneError" } });
    expect(errorOf(() => session.set("", 1))).toMatchObject({ code: "session-key", key: "" });
    turn.close();
    expect(errorOf(() => session.delete("a"))).toMatchObject({ code: "session-closed", key: "a" });
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
