import { brotliCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildClient } from "../../scripts/build.mjs";

describe("the client", () => {
  it("takes at most 13,600 bytes by brotli, morphdom included and Stimulus not", async () => {
    const { files } = await buildClient();
    expect(brotliCompressSync(files["client.js"] ?? "").length).toBeLessThanOrEqual(13_600);
  });

  it("leaves to files of their own what few pages need", async () => {
    const { files } = await buildClient();
    expect(Object.keys(files).sort()).toEqual(["client.js", "errand.js", "simulate.js", "stimulus.js"]);
    expect(files["client.js"]).not.toContain("latencyMs");
  });
});
