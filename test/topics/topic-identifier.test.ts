import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SignedValues } from "../../src/security/signed-values.ts";
import { TopicError } from "../../src/topics/topic-error.ts";
import { TopicIdentifiers } from "../../src/topics/topic-identifier.ts";

const signedBy = (key: string) => new SignedValues(() => new KeyRing(key.padEnd(32, "-")), Date.now);
const signed = signedBy("ours");
const here = new TopicIdentifiers(signed, "session-a");
const there = new TopicIdentifiers(signed, "session-b");
const topic = fc.string({ minLength: 1, maxLength: 200 }).map((text) => text.replace(/[\s#\p{C}]/gu, "_"));

describe("an identifier", () => {
  it("says its topic, to every session or to the one that it is bound to alone", async () => {
    await fc.assert(
      fc.asyncProperty(topic, async (name) => {
        const free = await here.sign(name);
        const bound = await here.sign(name, { session: true });
        expect([await here.verify(free), await there.verify(free)]).toEqual([name, name]);
        expect([await here.verify(bound), await there.verify(bound)]).toEqual([name, undefined]);
      }),
    );
  });

  it("is the same each time, so that a page which is rendered again is too", async () => {
    expect(await here.sign("chat:7")).toBe(await there.sign("chat:7"));
    expect(await here.sign("chat:7", { session: true })).toBe(await here.sign("chat:7", { session: true }));
  });

  it("is worth nothing when a character of it is altered", async () => {
    const identifiers = await Promise.all([here.sign("chat:7"), here.sign("chat:7", { session: true })]);
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."];
    const alteration = fc.tuple(fc.nat(), fc.constantFrom(...letters), fc.constantFrom(...identifiers));
    await fc.assert(
      fc.asyncProperty(alteration, async ([at, letter, identifier]) => {
        const place = at % identifier.length;
        fc.pre(identifier[place] !== letter);
        const altered = identifier.slice(0, place) + letter + identifier.slice(place + 1);
        // The last letter of 32 bytes has bits that mean nothing.
        fc.pre(place !== identifier.length - 1);
        expect(await here.verify(altered)).toBeUndefined();
      }),
    );
  });

  it("is worth nothing when it was made elsewhere, for something else, or by nobody", async () => {
    const foreign = new TopicIdentifiers(signedBy("of-another-site"), "session-a");
    const others = [
      await foreign.sign("chat:7"),
      await signed.sign("chat:7"),
      await signed.sign("chat:7", { purpose: "topic" }),
      "chat:7",
      "",
      "..",
      "x".repeat(100_000),
    ];
    expect(await Promise.all(others.map((text) => here.verify(text)))).toEqual(others.map(() => undefined));
  });

  it("is refused to what is no topic's name", async () => {
    for (const name of ["", "two words", "relay#1", 7 as unknown as string])
      await expect(here.sign(name)).rejects.toThrow(TopicError);
  });
});
