import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/security/base64url.ts";

describe("base64url", () => {
  it("reads the bytes that it wrote, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64url"));
        expect(fromBase64Url(text)).toEqual(bytes);
      }),
    );
  });

  it("reads no text but the one spelling of its bytes", () => {
    const nearly = fc.string({ unit: fc.constantFrom(..."AQgwBab01-_+/= \n.é") });
    fc.assert(
      fc.property(nearly, (text) => {
        const bytes = fromBase64Url(text);
        if (bytes !== undefined) expect(toBase64Url(bytes)).toBe(text);
      }),
    );
  });

  const refused = [
    ["padding", "QQ=="],
    ["the signs of base64", "a+b/"],
    ["bits beyond the last byte", "AB"],
    ["a length that no bytes have", "A"],
    ["a line break at the end", "QQ\n"],
    ["white space", "Q Q"],
  ] as const;
  it.each(refused)("refuses %s", (_, text) => {
    expect(fromBase64Url(text)).toBeUndefined();
  });
});
