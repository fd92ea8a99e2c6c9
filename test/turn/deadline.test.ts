import { beforeEach, describe, expect, it } from "vitest";
import { DeadlineError, withDeadline } from "../../src/turn/deadline.ts";
import { ManualTimer } from "../support/manual-timer.ts";

describe("withDeadline", () => {
  let timer: ManualTimer;

  beforeEach(() => {
    timer = new ManualTimer();
  });

  it("starts no timer for work that waits for nothing outside, however it ends", async () => {
    const work = async () => {
      for (let step = 0; step < 10; step += 1) await undefined;
      return "result";
    };
    expect(await withDeadline(work(), 10, timer.start)).toBe("result");
    const failure = new Error("no");
    await expect(withDeadline(Promise.reject(failure), 10, timer.start)).rejects.toBe(failure);
    expect([timer.started, timer.stops]).toEqual([[], 0]);
  });

  it("gives what the work gives, and stops its one timer once", async () => {
    const work = Promise.withResolvers<string>();
    const result = withDeadline(work.promise, 10, timer.start);
    await timer.hasStarted();
    work.resolve("result");
    expect(await result).toBe("result");
    expect([timer.started, timer.stops]).toEqual([[10], 1]);
  });

  it("rejects as the work does, and stops its timer", async () => {
    const work = Promise.withResolvers<string>();
    const result = withDeadline(work.promise, 10, timer.start);
    await timer.hasStarted();
    const failure = new Error("no");
    work.reject(failure);
    await expect(result).rejects.toBe(failure);
    expect([timer.started, timer.stops]).toEqual([[10], 1]);
  });

  it("rejects when the time is over first, says how long it was, and stops its timer", async () => {
    const late = withDeadline(new Promise(() => undefined), 30_000, timer.start);
    await timer.hasStarted();
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
    await timer.hasStarted();
    timer.expire();
    await expect(late).rejects.toThrow(DeadlineError);
    // Unheard, this would end the test run.
    work.reject(new Error("late"));
    await expect(late).rejects.toThrow(DeadlineError);
  });

  it("keeps to the first end: time that is over late changes nothing", async () => {
    const work = Promise.withResolvers<number>();
    const result = withDeadline(work.promise, 10, timer.start);
    await timer.hasStarted();
    work.resolve(1);
    await result;
    timer.expire();
    expect(await result).toBe(1);
  });
});
