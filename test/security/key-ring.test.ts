import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing, KeyRingError } from "../../src/security/key-ring.ts";

const FIRST = "first-key-0123456789-0123456789-01";
const SECOND = "second-key-0123456789-0123456789-0";

describe("a key ring", () => {
  it.each([undefined, null, 1, {}, "", " , \n"])("says what to run without keys: %j", (secret) => {
    expect(() => new KeyRing(secret)).toThrow(KeyRingError);
    expect(() => new KeyRing(secret)).toThrow(
      /REFLEX_KEYS is not set.*npx wrangler secret put REFLEX_KEYS.*\.dev\.vars/,
    );
  });

  it("names the key that is one character too short, and does not show it", () => {
    const short = "s".repeat(31);
    expect(() => new KeyRing(`${FIRST},${short}`)).toThrow(
      /Key 2 of REFLEX_KEYS has fewer than 32 characters/,
    );
    expect(() => new KeyRing(`${FIRST},${short}`)).not.toThrow(short);
    expect(() => new KeyRing("s".repeat(32))).not.toThrow();
  });

  it.each([",", " ", "\n", ", \r\n"])("takes keys separated by %j", async (separator) => {
    const both = new KeyRing(`${separator}${FIRST}${separator}${SECOND}${separator}`);
    expect(await both.verify("text", await new KeyRing(FIRST).sign("text"))).toBe(true);
    expect(await both.verify("text", await new KeyRing(SECOND).sign("text"))).toBe(true);
  });

  it("signs with the first key alone", async () => {
    const signature = await new KeyRing(`${FIRST},${SECOND}`).sign("text");
    expect(signature).toBe(await new KeyRing(FIRST).sign("text"));
    expect(await new KeyRing(SECOND).verify("text", signature)).toBe(false);
  });

  it("takes a signature for its own text and no other", async () => {
    const ring = new KeyRing(FIRST);
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (text, other) => {
        expect(await ring.verify(other, await ring.sign(text))).toBe(
          new TextEncoder().encode(text).join() === new TextEncoder().encode(other).join(),
        );
      }),
    );
  });

  it("refuses every other text as a signature, and never throws", async () => {
    const ring = new KeyRing(FIRST);
    const signature = await ring.sign("text");
    const spellings = [`${signature}=`, `${signature}A`, signature.slice(0, -1), ` ${signature}`, "", "A"];
    const texts = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom(...spellings));
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        expect(await ring.verify("text", text)).toBe(false);
      }),
    );
    expect(await ring.verify("text", signature)).toBe(true);
  });
});
