import { brotliCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildClient } from "../../scripts/build-client.mjs";

const files: Readonly<Record<string, string>> = (await buildClient()).files;
const sizes = Object.entries(files).map(([name, text]) => [name, brotliCompressSync(text).length] as const);

describe("the client", () => {
  it("takes at most 9,000 bytes by brotli before a page needs more of it", () => {
    expect(Object.fromEntries(sizes)["client.js"]).toBeLessThanOrEqual(9_000);
  });

  it("takes at most 29,100 bytes by brotli with everything that any page needs, morphdom included and Stimulus not", () => {
    // A network and a log for developers are no part of any page. The aim is 20,000, which it has not come to.
    const needed = sizes
      .filter(([name]) => !["log.js", "simulate.js"].includes(name))
      .map(([, size]) => size);
    expect(needed.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(29_100);
  });

  it("leaves to files of their own what not every page needs", () => {
    expect(Object.keys(files).sort()).toEqual([
      "client.js",
      "drafts.js",
      "elements.js",
      "errand.js",
      "extras.js",
      "log.js",
      "operations.js",
      "page.js",
      "simulate.js",
      "stimulus.js",
      "upload.js",
    ]);
    expect(files["client.js"]).not.toContain("latencyMs");
    expect(files["client.js"]).not.toContain("isEqualNode");
  });
});
