import { describe, expect, it } from "vitest";
import { UnreadFrames } from "../../durable-objects/unread-frames.ts";
import { LIMITS } from "../../src/protocol/limits.ts";

/** As many frames as there may be, but for one. */
function almostTooMany(): UnreadFrames {
  const frames = new UnreadFrames();
  for (let number = 1; number < LIMITS.unreadFrames; number += 1) frames.add(number, 10);
  return frames;
}

describe("unread frames", () => {
  it("are too many from their limit on, until one of them is read", () => {
    const frames = almostTooMany();
    expect(frames.areTooMany).toBe(false);
    frames.add(LIMITS.unreadFrames, 10);
    expect(frames.areTooMany).toBe(true);
    frames.read(1);
    expect(frames.areTooMany).toBe(false);
  });

  it("are too many when they are too long together", () => {
    const frames = new UnreadFrames();
    frames.add(1, LIMITS.unreadChars - 1);
    expect(frames.areTooMany).toBe(false);
    frames.add(2, 1);
    expect(frames.areTooMany).toBe(true);
    frames.read(0);
    expect(frames.areTooMany).toBe(true);
    frames.read(1);
    expect(frames.areTooMany).toBe(false);
  });

  it("stay too many, and take no more room, however many answers follow", () => {
    const frames = almostTooMany();
    for (let number = LIMITS.unreadFrames; number < 100_000; number += 1) frames.add(number, 10);
    frames.read(99_000);
    expect(frames.areTooMany).toBe(true);
    frames.read(99_999 - LIMITS.unreadFrames + 2);
    expect(frames.areTooMany).toBe(false);
    frames.read(Number.MAX_SAFE_INTEGER);
    frames.add(100_000, LIMITS.unreadChars);
    expect(frames.areTooMany).toBe(true);
  });
});
