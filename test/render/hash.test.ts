import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Hash, nameFor } from "../../src/render/hash.ts";

const of = (...texts: readonly string[]) => {
  const hash = new Hash().begin();
  for (const text of texts) hash.text(text);
  return `${hash.high},${hash.low}`;
};

describe("Hash", () => {
  it("tells texts apart, and two in a row from one", () => {
    expect(of("ab", "c")).not.toBe(of("a", "bc"));
    expect(of("")).not.toBe(of("", ""));
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(of(left) === of(right)).toBe(left === right);
      }),
    );
  });

  it("has no two of 200,000 texts of a kind in common", () => {
    const names = new Set(Array.from({ length: 200_000 }, (_, n) => of("2.1:", String(n), "cell")));
    expect(names.size).toBe(200_000);
  });

  it("begins anew", () => {
    const hash = new Hash();
    hash.begin().text("a").number(3);
    const first = [hash.high, hash.low];
    hash.begin().text("b");
    hash.begin().text("a").number(3);
    expect([hash.high, hash.low]).toEqual(first);
  });
});

describe("nameFor", () => {
  it("is the same in every process: what a tab was told outlives a restart", () => {
    expect(nameFor("[0]")).toBe("91ee6rdc");
  });
});
