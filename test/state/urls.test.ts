import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Urls } from "../../src/state/urls.ts";

const SITE = "https://site.example";

describe("an address of the site", () => {
  it("is never one of another site, whatever the path is made of", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "\t",
      "\n",
      "\r",
      " ",
      "@",
      ":",
      "evil.example",
      "%2f",
      "?",
      "#",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const urls = new Urls(SITE, undefined);
        const path = `/${pieces.join("")}`;
        let made: readonly string[];
        try {
          made = [urls.path(path), urls.absolute(path)];
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        for (const url of made) expect(new URL(url, SITE).origin).toBe(SITE);
      }),
      { verbose: true, numRuns: 2_000 },
    );
  });

  it.each([
    "/\t/evil.example",
    "/.//evil.example",
    "/..//evil.example",
    "//evil.example",
    "/\\evil.example",
    "x",
  ])("is refused for %j", (path) => {
    const urls = new Urls(SITE, undefined);
    expect(() => urls.path(path)).toThrow("is no path of the site");
    expect(() => urls.absolute(path)).toThrow("is no path of the site");
  });
});
