import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startTimer } from "../../src/time/start-timer.ts";

describe("startTimer", () => {
  let runs = 0;
  const run = () => {
    runs += 1;
  };

  beforeEach(() => {
    runs = 0;
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("runs once, when its time is over and not before", () => {
    startTimer(1_000, run);
    vi.advanceTimersByTime(999);
    expect(runs).toBe(0);
    vi.advanceTimersByTime(1);
    expect(runs).toBe(1);
    vi.advanceTimersByTime(10_000);
    expect(runs).toBe(1);
  });

  it("runs nothing, and leaves no timer behind, when it is stopped before", () => {
    const stop = startTimer(1_000, run);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(runs).toBe(0);
  });

  it("may be stopped when it has run, and twice", () => {
    const stop = startTimer(1_000, run);
    vi.advanceTimersByTime(1_000);
    stop();
    stop();
    expect(runs).toBe(1);
  });
});
