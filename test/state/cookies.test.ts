import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Cookies } from "../../src/state/cookies.ts";
import { Draft } from "../../src/state/draft.ts";

const STORE = { read: () => undefined, keys: () => [] };

function cookies(header = "", options: { isSecure?: boolean; isReadonly?: boolean } = {}): Cookies {
  const { isSecure = true, isReadonly = false } = options;
  return new Cookies(new Draft(STORE, { isReadonly }), { header, isSecure });
}

describe("cookies", () => {
  it("are read from the request, decoded, and seen as the turn sets them", () => {
    const jar = cookies("a=1; b=x%20y; __Host-reflex=v1.secret");
    expect([jar.get("a"), jar.get("b"), jar.get("c")]).toEqual(["1", "x y", undefined]);
    jar.set("c", "3");
    jar.delete("a");
    expect([jar.get("a"), jar.get("c")]).toEqual([undefined, "3"]);
    expect(jar.header).toBe("b=x%20y; __Host-reflex=v1.secret; c=3");
  });

  it("are for the whole site, and out of reach of scripts and other sites, unless they say otherwise", () => {
    const jar = cookies();
    jar.set("a", "1");
    jar.set("b", "2", { httpOnly: false, path: "/x", maxAge: 60, sameSite: "Strict" });
    expect(jar.lines).toEqual([
      "a=1; Path=/; HttpOnly; Secure; SameSite=Lax",
      "b=2; Max-Age=60; Path=/x; Secure; SameSite=Strict",
    ]);
    const plain = cookies("", { isSecure: false });
    plain.set("a", "1");
    expect(plain.lines).toEqual(["a=1; Path=/; HttpOnly; SameSite=Lax"]);
  });

  it("send the last of what is set under one name, and nothing that the browser has already", () => {
    const jar = cookies("a=1");
    jar.set("a", "1");
    expect(jar.lines).toEqual([]);
    jar.set("b", "1");
    jar.set("b", "2");
    expect(jar.lines).toEqual(["b=2; Path=/; HttpOnly; Secure; SameSite=Lax"]);
    // Another life of the same value is news.
    jar.set("a", "1", { maxAge: 60 });
    expect(jar.lines).toHaveLength(2);
  });

  it("take no name or value that would be another header", () => {
    const jar = cookies();
    for (const name of ["", "a b", "a;b", "a=b", "a\r\nSet-Cookie: b"])
      expect(() => jar.set(name, "1"), JSON.stringify(name)).toThrow();
    jar.set("a", "1\r\nSet-Cookie: b=2; Path=/");
    expect(jar.lines).toEqual([
      "a=1%0D%0ASet-Cookie%3A%20b%3D2%3B%20Path%3D%2F; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
    expect(() => jar.set("b", "1", { path: "/; Domain=evil.example" })).toThrow();
    expect(() => jar.set("b", "1", { domain: "x\r\ny" })).toThrow();
  });

  it("are refused over their limits, naming both, and where nothing can be set", () => {
    const jar = cookies();
    expect(() => jar.set("big", "x".repeat(LIMITS.cookieChars))).toThrow(
      /"big" takes 41\d\d characters.*4096/,
    );
    for (let index = 0; index < LIMITS.turnCookies; index += 1) jar.set(`c${index}`, "1");
    expect(() => jar.set("more", "1")).toThrow(/at most 20/);
    expect(jar.lines).toHaveLength(LIMITS.turnCookies);
    expect(() => cookies("", { isReadonly: true }).set("a", "1")).toThrow(/ephemeral or concurrent/);
    expect(() => new Cookies(new Draft(STORE), undefined).set("a", "1")).toThrow(/where no browser is/);
    expect(() => cookies().set("__Host-reflex", "1")).toThrow(/the runtime's own/);
  });
});
