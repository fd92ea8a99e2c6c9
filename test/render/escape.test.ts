import fc from "fast-check";
import { parseHTML } from "linkedom/worker";
import { describe, expect, it } from "vitest";
import { escapeHtml, refuseScriptUrl } from "../../src/render/escape.ts";

const REFUSED = "about:invalid#refused";

describe("escapeHtml", () => {
  it("gives text that a parser reads back as it was, in content and in attributes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const plain = text.replace(/[\0\r]/g, "");
        const { document } = parseHTML(
          `<html><body><p title="${escapeHtml(plain)}">${escapeHtml(plain)}</p></body></html>`,
        );
        expect(document.querySelector("p")?.textContent).toBe(plain);
        expect(document.querySelector("p")?.getAttribute("title")).toBe(plain);
      }),
    );
  });

  it("leaves no character that could end a text or a quoted value", () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(escapeHtml(text))));
  });
});

describe("refuseScriptUrl", () => {
  const scripts = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "  javascript:alert(1)",
    "\u0001javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript\r:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "DATA:text/html;base64,x",
  ];
  it.each(scripts)("puts an address that goes nowhere for %j", (url) => {
    expect(refuseScriptUrl(url)).toBe(REFUSED);
  });

  const addresses = [
    "/a",
    "a:b/c",
    "https://x.example/?q=javascript:",
    "#x",
    "",
    "mailto:a@b",
    "data:image/png;base64,x",
  ];
  it.each(addresses)("passes %j through", (url) => {
    expect(refuseScriptUrl(url)).toBe(url);
  });

  it("never passes what a URL parser takes for a script", () => {
    const noise = fc.constantFrom("", " ", "\t", "\n", "\r", "\u0000", "\u001f");
    const letters = fc.tuple(...Array.from("javascript:", (letter) => fc.tuple(noise, fc.constant(letter))));
    fc.assert(
      fc.property(letters, (pairs) => {
        const url = pairs.map(([before, letter]) => before + letter).join("");
        if (URL.canParse(url) && new URL(url).protocol === "javascript:")
          expect(refuseScriptUrl(url)).toBe(REFUSED);
      }),
    );
  });
});
