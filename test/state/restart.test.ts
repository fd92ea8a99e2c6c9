import { describe, expect, it } from "vitest";
import { TurnState } from "../../src/state/turn-state.ts";

/** A state over a session with one value and one timer. */
function newState(isReadonly = false): TurnState {
  const timer = { at: 1, order: 7, target: "It#act", args: [], url: "https://site.example/", attempts: 0 };
  const stored: Record<string, unknown> = { count: 1, "reflex.timer.tea": timer };
  return new TurnState({
    id: "id",
    isReadonly,
    store: { read: (key) => structuredClone(stored[key]), keys: () => Object.keys(stored) },
    visitor: { cookies: { header: "theme=light", isSecure: true } },
    timers: { now: () => 0, newId: () => "id", whyNot: () => undefined },
    now: () => 0,
  });
}

describe("a turn that begins anew", () => {
  it("has written nothing, sets no cookie and sees the session as it is", () => {
    const state = newState();
    state.session.set("count", 5);
    state.cookies.set("theme", "dark");
    state.flash.set("notice", "no");
    const next = state.restart();
    expect([next.session.get("count"), next.cookies.get("theme"), next.flash.get("notice")]).toEqual([
      1,
      "light",
      undefined,
    ]);
    expect(state.close()).toEqual({ changes: new Map(), cookies: [], outgoing: [] });
  });

  it("commits what is written from then on, under the state that it began with, and nothing written to that", () => {
    const state = newState();
    const next = state.restart().restart();
    expect(state.current).toBe(next);
    next.session.set("count", 2);
    next.cookies.set("theme", "dark");
    expect(() => state.session.set("count", 9)).toThrow("came after its turn ended");
    const { changes, cookies } = state.close();
    expect([[...changes], cookies.length]).toEqual([[["count", 2]], 1]);
    expect(next.isClosed).toBe(true);
  });

  it("is over when the state that it began with is given up, before or after", () => {
    const [early, late] = [newState(), newState()];
    early.abandon();
    expect(early.restart().isClosed).toBe(true);
    const next = late.restart();
    late.abandon();
    expect([next.isClosed, late.close().changes.size]).toEqual([true, 0]);
    expect(newState(true).restart().session.get("count")).toBe(1);
    expect(() => newState(true).restart().session.set("count", 2)).toThrow("ephemeral or concurrent");
  });

  it("takes its timer out as before", () => {
    const state = newState();
    state.takeTimer("tea", { order: 7 });
    state.restart().session.set("count", 2);
    expect([...state.close().changes]).toEqual([
      ["reflex.timer.tea", undefined],
      ["count", 2],
    ]);
  });
});
