import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64Url, toBase64Url } from "../../src/security/base64url.ts";
import { KeyRing, KeyRingError } from "../../src/security/key-ring.ts";
import { newVisitorId, SessionCookie, sessionNameOf } from "../../src/security/session-cookie.ts";

const OLD = "old-key-0123456789-0123456789-0123";
const NEW = "new-key-0123456789-0123456789-0123";
const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;
const URL_HTTPS = "https://site.example/";

function cookieAt(now: number, keys = OLD): SessionCookie {
  return new SessionCookie(new KeyRing(keys), () => now);
}

/** The `Cookie` header that a browser sends for a `Set-Cookie`. */
function request(setCookie: string, url = URL_HTTPS): Request {
  return new Request(url, { headers: { Cookie: `other=1; ${setCookie.split(";")[0]}; more=2` } });
}

describe("a session cookie", () => {
  it("leads back to its visitor", async () => {
    const id = newVisitorId();
    const set = await cookieAt(START_MS).write(id, URL_HTTPS);
    expect(await cookieAt(START_MS).read(request(set))).toEqual({ id, isDue: false });
  });

  it("is due for renewal after a day, over after a year, and not yet good from the future", async () => {
    const set = await cookieAt(START_MS).write(newVisitorId(), URL_HTTPS);
    const read = async (days: number) => await cookieAt(START_MS + days * DAY_MS).read(request(set));
    expect((await read(0.9))?.isDue).toBe(false);
    expect((await read(1.1))?.isDue).toBe(true);
    expect((await read(364.9))?.isDue).toBe(true);
    expect(await read(365.1)).toBeUndefined();
    expect(await read(-1)).toBeUndefined();
    expect(await cookieAt(START_MS - 200_000).read(request(set))).toBeDefined();
  });

  it("is refused when any character of it is another", async () => {
    const set = await cookieAt(START_MS).write(newVisitorId(), URL_HTTPS);
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
    const secure = await cookieAt(START_MS).write(newVisitorId(), URL_HTTPS);
    const plain = await cookieAt(START_MS).write(newVisitorId(), "http://localhost/");
    expect(secure).toMatch(/^__Host-reflex=.*; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/);
    expect(plain).toMatch(/^reflex=.*; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
    expect(await cookieAt(START_MS).read(request(plain))).toBeUndefined();
    expect(await cookieAt(START_MS).read(request(secure, "http://localhost/"))).toBeUndefined();
  });

  it("is still good when a new key came to the front, and not when its key has gone", async () => {
    const set = await cookieAt(START_MS, OLD).write(newVisitorId(), URL_HTTPS);
    expect(await cookieAt(START_MS, `${NEW},${OLD}`).read(request(set))).toBeDefined();
    expect(await cookieAt(START_MS, NEW).read(request(set))).toBeUndefined();
    const renewed = await cookieAt(START_MS, `${NEW}\n${OLD}`).write(newVisitorId(), URL_HTTPS);
    expect(await cookieAt(START_MS, NEW).read(request(renewed))).toBeDefined();
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

describe("a key ring", () => {
  it.each([undefined, 1, "", " , "])("says what to run without keys: %j", (secret) => {
    expect(() => new KeyRing(secret)).toThrow(KeyRingError);
    expect(() => new KeyRing(secret)).toThrow(
      /REFLEX_KEYS is not set.*npx wrangler secret put REFLEX_KEYS.*\.dev\.vars/,
    );
  });

  it("names the key that is too short", () => {
    expect(() => new KeyRing(`${OLD},short`)).toThrow(/Key 2 of REFLEX_KEYS has fewer than 32 characters/);
  });
});

describe("base64url", () => {
  it("reads what it wrote, and no other spelling of it", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = toBase64Url(bytes);
        expect(text).toMatch(/^[\w-]*$/);
        expect(fromBase64Url(text)).toEqual(bytes);
        expect(fromBase64Url(`${text}=`)).toBeUndefined();
      }),
    );
    expect(fromBase64Url("AB")).toBeUndefined();
    expect(fromBase64Url("A")).toBeUndefined();
    expect(fromBase64Url("a+b/")).toBeUndefined();
  });
});
