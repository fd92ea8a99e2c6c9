import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing } from "../../src/security/key-ring.ts";
import { newVisitorId, SessionCookie, sessionNameOf } from "../../src/security/session-cookie.ts";

const OLD = "old-key-0123456789-0123456789-0123";
const NEW = "new-key-0123456789-0123456789-0123";
const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;
const URL_HTTPS = "https://site.example/";

function cookieAt(now: number, keys = OLD): SessionCookie {
  return new SessionCookie(new KeyRing(keys), 365 * DAY_MS, () => now);
}

/** The `Cookie` header that a browser sends for a `Set-Cookie`. */
function request(setCookie: string, url = URL_HTTPS): Request {
  return new Request(url, { headers: { Cookie: `other=1; ${setCookie.split(";")[0]}; more=2` } });
}

describe("a session cookie", () => {
  it("leads back to its visitor", async () => {
    const id = newVisitorId();
    const set = await cookieAt(START_MS).write({ id, generation: 0 }, URL_HTTPS);
    expect(await cookieAt(START_MS).read(request(set))).toEqual({ id, generation: 0, isDue: false });
  });

  it("is due for renewal after a day, over after a year, and not yet good from the future", async () => {
    const set = await cookieAt(START_MS).write({ id: newVisitorId(), generation: 0 }, URL_HTTPS);
    const read = async (days: number) => await cookieAt(START_MS + days * DAY_MS).read(request(set));
    expect((await read(0.9))?.isDue).toBe(false);
    expect((await read(1.1))?.isDue).toBe(true);
    expect((await read(364.9))?.isDue).toBe(true);
    expect(await read(365.1)).toBeUndefined();
    expect(await read(-1)).toBeUndefined();
    expect(await cookieAt(START_MS - 200_000).read(request(set))).toBeDefined();
  });

  it("is refused when any character of it is another", async () => {
    const set = await cookieAt(START_MS).write({ id: newVisitorId(), generation: 0 }, URL_HTTPS);
    const value = (set.split(";")[0] ?? "").split("=")[1] ?? "";
    const cookie = cookieAt(START_MS);
    const alteration = fc.tuple(fc.nat(value.length - 1), fc.constantFrom(..."ABCabc019-_.~"));
    await fc.assert(
      fc.asyncProperty(alteration, async ([at, character]) => {
        const altered = value.slice(0, at) + character + value.slice(at + 1);
        if (altered === value) return;
        expect(await cookie.read(request(`__Host-reflex=${altered}`))).toBeUndefined();
      }),
    );
  });

  it("is read under the name of its scheme only", async () => {
    const secure = await cookieAt(START_MS).write({ id: newVisitorId(), generation: 0 }, URL_HTTPS);
    const plain = await cookieAt(START_MS).write({ id: newVisitorId(), generation: 0 }, "http://localhost/");
    expect(secure).toMatch(/^__Host-reflex=.*; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/);
    expect(plain).toMatch(/^reflex=.*; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    expect(await cookieAt(START_MS).read(request(plain))).toBeUndefined();
    expect(await cookieAt(START_MS).read(request(secure, "http://localhost/"))).toBeUndefined();
  });

  it("is still good when a new key came to the front, and not when its key has gone", async () => {
    const set = await cookieAt(START_MS, OLD).write({ id: newVisitorId(), generation: 0 }, URL_HTTPS);
    expect(await cookieAt(START_MS, `${NEW},${OLD}`).read(request(set))).toBeDefined();
    expect(await cookieAt(START_MS, NEW).read(request(set))).toBeUndefined();
    const renewed = await cookieAt(START_MS, `${NEW}\n${OLD}`).write(
      { id: newVisitorId(), generation: 0 },
      URL_HTTPS,
    );
    expect(await cookieAt(START_MS, NEW).read(request(renewed))).toBeDefined();
  });
});

describe("a session cookie of a later generation", () => {
  it("says of which it is, and is refused when that is altered", async () => {
    const id = newVisitorId();
    const set = await cookieAt(START_MS).write({ id, generation: 12 }, URL_HTTPS);
    expect(await cookieAt(START_MS).read(request(set))).toEqual({ id, generation: 12, isDue: false });
    expect(await cookieAt(START_MS).read(request(set.replace(".12.", ".13.")))).toBeUndefined();
  });
});

describe("a session cookie that an older key has signed", () => {
  it("is due at once, so that the old key may leave", async () => {
    const set = await cookieAt(START_MS, OLD).write({ id: newVisitorId(), generation: 0 }, URL_HTTPS);
    expect((await cookieAt(START_MS, `${NEW},${OLD}`).read(request(set)))?.isDue).toBe(true);
    const renewed = await cookieAt(START_MS, `${NEW},${OLD}`).write(
      { id: newVisitorId(), generation: 3 },
      URL_HTTPS,
    );
    expect((await cookieAt(START_MS, `${NEW},${OLD}`).read(request(renewed)))?.isDue).toBe(false);
  });
});

describe("the cookies of a request", () => {
  const id = newVisitorId();
  const read = async (header: string) =>
    await cookieAt(START_MS).read(new Request(URL_HTTPS, { headers: { Cookie: header } }));

  it("never make reading throw, whatever they are", async () => {
    const value = fc.string({ unit: fc.constantFrom(...'v1.-_=;, A0"%') });
    await fc.assert(
      fc.asyncProperty(value, value, async (first, second) => {
        expect(await read(`${first};__Host-reflex=${second}`)).toBeUndefined();
      }),
    );
    expect(await cookieAt(START_MS).read(new Request(URL_HTTPS))).toBeUndefined();
  });

  it("count by their first of the name: a second does not stand in for a forged one", async () => {
    const [good = ""] = (await cookieAt(START_MS).write({ id, generation: 0 }, URL_HTTPS)).split(";");
    const forged = good.replace(/.$/, "");
    expect(await read(`${good}; ${forged}`)).toEqual({ id, generation: 0, isDue: false });
    expect(await read(`${forged}; ${good}`)).toBeUndefined();
    expect(await read(`x${good}; a=${good}`)).toBeUndefined();
  });

  it("are good to the second", async () => {
    const set = await cookieAt(START_MS).write({ id, generation: 0 }, URL_HTTPS);
    const readAt = async (seconds: number) => await cookieAt(START_MS + seconds * 1000).read(request(set));
    expect([await readAt(-300), await readAt(-301)]).toEqual([
      { id, generation: 0, isDue: false },
      undefined,
    ]);
    expect([await readAt(86_400), await readAt(86_401)]).toEqual([
      { id, generation: 0, isDue: false },
      { id, generation: 0, isDue: true },
    ]);
    expect([await readAt(31_536_000), await readAt(31_536_001)]).toEqual([
      { id, generation: 0, isDue: true },
      undefined,
    ]);
  });

  it.each(["v2", "v1x"])("of the unknown format %s are refused, though signed", async (version) => {
    const text = `${version}.${id}.${START_MS / 1000}`;
    const signature = await new KeyRing(OLD).sign(text);
    expect(await read(`__Host-reflex=${text}.${signature}`)).toBeUndefined();
  });
});

describe("a visitor's id", () => {
  it("is 128 random bits, written as 22 characters", () => {
    const ids = Array.from({ length: 100 }, newVisitorId);
    expect(ids.every((one) => /^[\w-]{21}[AQgw]$/.test(one))).toBe(true);
    expect(new Set(ids).size).toBe(100);
  });
});

describe("a session's name", () => {
  it("is the same for the same visitor, and another for another", async () => {
    const [one, two] = [newVisitorId(), newVisitorId()];
    expect(await sessionNameOf(one)).toBe(await sessionNameOf(one));
    expect(await sessionNameOf(one)).not.toBe(await sessionNameOf(two));
    expect(await sessionNameOf(one)).not.toContain(one);
  });
});
