import { describe, expect, it } from "vitest";
import type { Said } from "./crowd-tab.ts";
import { TIMED, tallyHeard } from "./crowd-tally.ts";

const NONE = { lost: 0, doubled: 0, disordered: 0 };

/** What `ada` and `bob` say in one topic, by letter and number. */
function said(...texts: readonly string[]): readonly Said[] {
  return texts.map((text) => ["t", text.slice(0, -1), Number(text.slice(-1))]);
}

/** A tab that rests on the topic. */
function listener(...texts: readonly string[]) {
  return { topics: ["t"], heard: said(...texts) };
}

describe("the tally of what a crowd was told", () => {
  it("counts nothing when all were told the same, whatever the order between two speakers", () => {
    const listeners = [listener("a1", "b1", "a2"), listener("a1", "b1", "a2")];
    expect(tallyHeard(listeners, said("a1", "a2", "b1"))).toEqual(NONE);
  });

  it("counts what was said and one was not told as lost", () => {
    const listeners = [listener("a1", "a2"), listener("a1")];
    expect(tallyHeard(listeners, said("a1", "a2"))).toEqual({ ...NONE, lost: 1 });
  });

  it("counts what nobody was told as lost by each", () => {
    expect(tallyHeard([listener(), listener()], said("a1"))).toEqual({ ...NONE, lost: 2 });
  });

  it("counts what one was told and another not as lost, though nobody knows whether it was said", () => {
    expect(tallyHeard([listener("a1"), listener()], [])).toEqual({ ...NONE, lost: 1 });
  });

  it("counts what came twice as doubled", () => {
    expect(tallyHeard([listener("a1", "a1")], said("a1"))).toEqual({ ...NONE, doubled: 1 });
  });

  it("counts an order that differs from others'", () => {
    const listeners = [listener("a1", "b1", "c1"), listener("a1", "c1", "b1")];
    expect(tallyHeard(listeners, said("a1", "b1", "c1"))).toEqual({ ...NONE, disordered: 1 });
  });

  it("counts a speaker's later one before an earlier one, but for timers'", () => {
    expect(tallyHeard([listener("a2", "a1")], said("a1", "a2"))).toEqual({ ...NONE, disordered: 1 });
    const [first, second] = [`a${TIMED}1`, `a${TIMED}2`];
    expect(tallyHeard([listener(second, first)], said(first, second))).toEqual(NONE);
  });

  it("asks of each tab only what its topics were told", () => {
    const elsewhere = { topics: ["u"], heard: [] };
    expect(tallyHeard([listener("a1"), elsewhere], said("a1"))).toEqual(NONE);
  });
});
