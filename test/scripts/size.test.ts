import { brotliCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildClient } from "../../scripts/build.mjs";

describe("the client", () => {
  it("takes at most 9,000 bytes by brotli, morphdom included and Stimulus not", async () => {
    const { files } = await buildClient();
    expect(brotliCompressSync(files["client.js"] ?? "").length).toBeLessThanOrEqual(9_000);
  });
});
