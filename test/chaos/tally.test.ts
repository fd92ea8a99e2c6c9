import { describe, expect, it } from "vitest";
import type { TabState } from "./chaos-tab.ts";
import { countRejected, tally } from "./tally.ts";

const NONE = { lost: 0, doubled: 0, disordered: 0, unsettled: 0 };

/** Tabs that made so many calls, all settled. */
function tabs(issued: Readonly<Record<string, number>>): Map<string, TabState> {
  return new Map(
    Object.entries(issued).map(([name, count]) => [name, { issued: count, waiting: 0, settled: [] }]),
  );
}

describe("the tally of a run", () => {
  it("counts nothing when every call is there once and in order", () => {
    const ledger = { count: 5, lists: { a: [1, 2, 3], b: [1, 2] } };
    expect(tally(tabs({ a: 3, b: 2 }), ledger)).toEqual(NONE);
  });

  it("counts a call that is not there as lost", () => {
    expect(tally(tabs({ a: 3 }), { count: 2, lists: { a: [1, 3] } })).toEqual({ ...NONE, lost: 1 });
  });

  it("counts every call of a tab as lost that the ledger does not know", () => {
    expect(tally(tabs({ a: 3 }), { count: 0, lists: {} })).toEqual({ ...NONE, lost: 3 });
  });

  it("counts a call that is there twice as doubled", () => {
    const counts = tally(tabs({ a: 2 }), { count: 3, lists: { a: [1, 2, 2] } });
    expect(counts).toEqual({ ...NONE, doubled: 1 });
  });

  it("counts a call that nobody made as doubled", () => {
    const counts = tally(tabs({ a: 1 }), { count: 2, lists: { a: [1, 2] } });
    expect(counts).toEqual({ ...NONE, doubled: 1 });
  });

  it("counts a call behind a later one as out of order", () => {
    const counts = tally(tabs({ a: 3 }), { count: 3, lists: { a: [1, 3, 2] } });
    expect(counts).toEqual({ ...NONE, disordered: 1 });
  });

  it("counts what the counter misses as lost, and what it has too much as doubled", () => {
    expect(tally(tabs({ a: 2 }), { count: 1, lists: { a: [1, 2] } })).toEqual({ ...NONE, lost: 1 });
    expect(tally(tabs({ a: 2 }), { count: 3, lists: { a: [1, 2] } })).toEqual({ ...NONE, doubled: 1 });
  });

  it("counts promises that are open", () => {
    const waiting: TabState = { issued: 2, waiting: 1, settled: [] };
    expect(tally(new Map([["a", waiting]]), { count: 2, lists: { a: [1, 2] } })).toEqual({
      ...NONE,
      unsettled: 1,
    });
  });

  it("counts calls that ended otherwise than they should have, by how", () => {
    const settled = [
      [1, "done", "done"],
      [2, "done", "reflex-failed"],
      [0, "nothing", "done"],
      [3, "done", "reflex-failed"],
    ] as const;
    const counts = countRejected([{ issued: 3, waiting: 0, settled }]);
    expect(counts).toEqual({ "reflex-failed": 2, done: 1 });
  });
});
