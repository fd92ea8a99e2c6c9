import { describe, expect, it } from "vitest";
import { unlessUnfit } from "./unless-unfit.ts";

describe("an eviction", () => {
  it.each([
    "Cannot evict Durable Object: it is not currently running.",
    "Timed out waiting to evict Durable Object: it still has active references.",
  ])("leaves alone what the platform does not evict: %s", async (message) => {
    await expect(unlessUnfit(Promise.reject(new Error(message)))).resolves.toBeUndefined();
  });

  it("fails by anything else", async () => {
    const error = new Error("Cannot evict Durable Object: its namespace has preventEviction set.");
    await expect(unlessUnfit(Promise.reject(error))).rejects.toBe(error);
  });
});
