import { describe, expect, it } from "vitest";
import { AnsweredCalls } from "../../durable-objects/answered-calls.ts";
import { LIMITS } from "../../src/protocol/limits.ts";

describe("the calls of a tab that were answered", () => {
  it("are forgotten with their socket, unless their answers are sent again", () => {
    const answered = new AnsweredCalls();
    answered.add(1, true);
    answered.add(2, false);
    expect([1, 2].map((number) => answered.has(number))).toEqual([true, true]);
    answered.moved();
    expect([1, 2].map((number) => answered.has(number))).toEqual([true, false]);
  });

  it("are known through a sleep as long as the socket is the same, the latest of them", () => {
    const answered = new AnsweredCalls();
    for (let number = 1; number <= LIMITS.keptAnswered + 1; number += 1)
      answered.add(number, number % 2 === 0);
    const woken = new AnsweredCalls(answered.kept);
    expect([1, 2, LIMITS.keptAnswered + 1].map((number) => woken.has(number))).toEqual([false, true, true]);
    woken.moved();
    expect(woken.kept).toEqual([]);
  });
});
