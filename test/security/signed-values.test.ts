import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { toBase64Url } from "../../src/security/base64url.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SignedValues } from "../../src/security/signed-values.ts";

const OLD = "old-key-0123456789-0123456789-0123";
const NEW = "new-key-0123456789-0123456789-0123";

function signer(secret = NEW, now = () => 0): SignedValues {
  return new SignedValues(() => new KeyRing(secret), now);
}

describe("a signed value", () => {
  const signed = signer();

  it("comes back as JSON writes it, for its purpose alone", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.jsonValue({ maxDepth: 3 }),
        fc.string(),
        fc.string(),
        async (value, purpose, other) => {
          const text = await signed.sign(value, { purpose });
          expect(text).toMatch(/^[\w-]+\.[\w-]+$/);
          expect(await signed.verify(text, { purpose })).toEqual(JSON.parse(JSON.stringify(value)));
          if (other !== purpose) expect(await signed.verify(text, { purpose: other })).toBeUndefined();
        },
      ),
      { numRuns: 50 },
    );
  });

  it("is nothing once a character of it is another", async () => {
    const text = await signed.sign({ id: 45 });
    const letters = "ABCabc012-_.";
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...letters), async (at, letter) => {
        const changed = text.slice(0, at) + letter + text.slice(at + 1);
        expect(await signed.verify(changed)).toEqual(changed === text ? { id: 45 } : undefined);
      }),
      { numRuns: 50 },
    );
  });

  it.each(["", ".", "a", "a.b", "a.b.c", "..", "1".repeat(10_000), "\0", "%.%"])(
    "is nothing that was made up: %j",
    async (text) => {
      expect(await signed.verify(text)).toBeUndefined();
    },
  );

  it("cannot be made of another text that the same keys have signed", async () => {
    const ring = new KeyRing(NEW);
    const content = toBase64Url(new TextEncoder().encode("[45]"));
    for (const text of [content, `v1.${content}`, `edge-reflex value\n${content}`])
      expect(await signed.verify(`${content}.${await ring.sign(text)}`)).toBeUndefined();
    // A purpose cannot be made to look like another one and the beginning of a value.
    const sly = await signed.sign(1, { purpose: 'a"\n"b' });
    expect(await signed.verify(sly, { purpose: "a" })).toBeUndefined();
  });

  it("is worth something until it is over", async () => {
    let now = 1_000;
    const clocked = signer(NEW, () => now);
    const text = await clocked.sign("x", { expiresIn: 500 });
    now = 1_499;
    expect(await clocked.verify(text)).toBe("x");
    now = 1_500;
    expect(await clocked.verify(text)).toBeUndefined();
  });

  it("is the same for a twentieth of its time, and over within another", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2 ** 41), fc.integer({ min: 1, max: 2 ** 36 }), async (begin, expiresIn) => {
        let now = begin;
        const clocked = signer(NEW, () => now);
        const text = await clocked.sign("x", { expiresIn });
        now = begin + Math.ceil(expiresIn) - 1;
        expect(await clocked.verify(text)).toBe("x");
        now = begin + Math.ceil((expiresIn * 21) / 20) + 1;
        expect(await clocked.verify(text)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    let now = 2_000_000;
    const clocked = signer(NEW, () => now);
    const texts = new Set<string>();
    for (; now < 3_000_000; now += 1_000) texts.add(await clocked.sign("x", { expiresIn: 1_000_000 }));
    expect(texts.size).toBeLessThanOrEqual(21);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    "cannot be made for %d milliseconds",
    async (expiresIn) => {
      await expect(signed.sign("x", { expiresIn })).rejects.toThrow(/expected milliseconds above 0/);
    },
  );

  it("outlives a change of keys as long as its own is in the ring", async () => {
    const text = await signer(OLD).sign("x");
    expect(await signer(`${NEW},${OLD}`).verify(text)).toBe("x");
    expect(await signer(NEW).verify(text)).toBeUndefined();
  });

  it("is at most so long, and JSON", async () => {
    const room = Math.floor((LIMITS.signedChars * 3) / 4) - JSON.stringify([""]).length;
    expect(await signed.verify(await signed.sign("x".repeat(room)))).toHaveLength(room);
    await expect(signed.sign("x".repeat(room + 1))).rejects.toThrow(/expected at most 4096, such as an id/);
    await expect(signed.sign(undefined)).rejects.toThrow("A value of type undefined cannot be signed");
    await expect(signed.sign(() => 1)).rejects.toThrow("A value of type function");
    await expect(signed.sign(1n)).rejects.toThrow(TypeError);
  });

  it("asks for the keys when it needs them, and once", async () => {
    let asked = 0;
    const lazy = new SignedValues(
      () => {
        asked += 1;
        return new KeyRing(NEW);
      },
      () => 0,
    );
    expect(asked).toBe(0);
    await lazy.verify(await lazy.sign(1));
    expect(asked).toBe(1);
  });
});
