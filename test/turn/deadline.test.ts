import { beforeEach, describe, expect, it } from "vitest";
import { DeadlineError, withDeadline } from "../../src/turn/deadline.ts";
import { ManualTimer } from "../support/manual-timer.ts";

describe("withDeadline", () => {
  let timer: ManualTimer;

  beforeEach(() => {
    timer = new ManualTimer();
  });

  it("gives what the work gives, and stops its one timer once", async () => {
    expect(await withDeadline(Promise.resolve("result"), 10, timer.start)).toBe("result");
    expect([timer.started, timer.stops]).toEqual([[10], 1]);
  });

  it("rejects as the work does, and stops its timer", async () => {
    const failure = new Error("no");
    await expect(withDeadline(Promise.reject(failure), 10, timer.start)).rejects.toBe(failure);
    expect([timer.started, timer.stops]).toEqual([[10], 1]);
  });

  it("rejects when the time is over first, says how long it was, and stops its timer", async () => {
    const late = withDeadline(new Promise(() => undefined), 30_000, timer.start);
    timer.expire();
    await expect(late).rejects.toThrow(DeadlineError);
    await expect(late).rejects.toMatchObject({
      code: "deadline",
      message: expect.stringContaining("30000 ms"),
    });
    expect([timer.started, timer.stops]).toEqual([[30_000], 1]);
  });

  it("keeps to the first end: work that ends late changes nothing, a failure included", async () => {
    const work = Promise.withResolvers<string>();
    const late = withDeadline(work.promise, 10, timer.start);
    timer.expire();
    await expect(late).rejects.toThrow(DeadlineError);
    // Unheard, this would end the test run.
    work.reject(new Error("late"));
    await expect(late).rejects.toThrow(DeadlineError);
  });

  it("keeps to the first end: time that is over late changes nothing", async () => {
    const work = withDeadline(Promise.resolve(1), 10, timer.start);
    await work;
    timer.expire();
    expect(await work).toBe(1);
  });
});
