import { beforeEach, describe, expect, it } from "vitest";
import { within } from "../../src/time/within.ts";
import { ManualTimer } from "../support/manual-timer.ts";

describe("within", () => {
  let timer: ManualTimer;
  let work: PromiseWithResolvers<string>;
  /** Every error that was asked for. */
  let asked: Error[];
  const late = () => {
    const error = new Error(`late ${asked.length}`);
    asked.push(error);
    return error;
  };

  beforeEach(() => {
    timer = new ManualTimer();
    work = Promise.withResolvers();
    asked = [];
  });

  it("gives what the work gives, and stops its one timer once", async () => {
    const result = within(work.promise, 10, timer.start, late);
    work.resolve("result");
    expect(await result).toBe("result");
    expect([timer.started, timer.stops, asked]).toEqual([[10], 1, []]);
  });

  it("rejects as the work does, and stops its timer", async () => {
    const result = within(work.promise, 10, timer.start, late);
    const failure = new Error("no");
    work.reject(failure);
    await expect(result).rejects.toBe(failure);
    expect([timer.started, timer.stops, asked]).toEqual([[10], 1, []]);
  });

  it("settles as work does that was over before", async () => {
    const failure = new Error("no");
    expect(await within(Promise.resolve("result"), 10, timer.start, late)).toBe("result");
    await expect(within(Promise.reject(failure), 10, timer.start, late)).rejects.toBe(failure);
    expect([timer.started, timer.stops, asked]).toEqual([[10, 10], 2, []]);
  });

  it("rejects with what it is given for it when the time is over first, and stops its timer", async () => {
    const result = within(work.promise, 10, timer.start, late);
    timer.expire();
    await expect(result).rejects.toBe(asked[0]);
    expect([timer.started, timer.stops, asked.length]).toEqual([[10], 1, 1]);
  });

  it("keeps to the first end: a result, or a failure, that comes late changes nothing", async () => {
    for (const end of [() => work.resolve("result"), () => work.reject(new Error("no"))]) {
      work = Promise.withResolvers();
      const result = within(work.promise, 10, timer.start, late);
      timer.expire();
      await expect(result).rejects.toBe(asked.at(-1));
      // A failure that nobody hears would end the test run.
      end();
      await expect(result).rejects.toBe(asked.at(-1));
    }
    expect([timer.stops, asked.length]).toEqual([2, 2]);
  });

  it("keeps to the first end: time that is over late changes nothing", async () => {
    const result = within(work.promise, 10, timer.start, late);
    work.resolve("result");
    await result;
    timer.expire();
    expect([await result, timer.stops]).toEqual(["result", 1]);
  });
});
