import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { showValue, TemplateError } from "../../src/render/template-error.ts";

describe("showValue", () => {
  const cases = [
    ["a".repeat(98), `"${"a".repeat(98)}"`],
    ["a".repeat(99), `"${"a".repeat(99)}…`],
    [{ a: 1 }, '{"a":1}'],
    [Symbol("s"), "Symbol(s)"],
    [undefined, "undefined"],
    [{ big: 1n }, "[object Object]"],
    [Promise.resolve(1), "a promise (await it before it becomes a part)"],
    [showValue, "a function (showValue)"],
    [() => 1, "a function (anonymous)"],
  ] as const;
  it.each(cases)("shows %o as kind or JSON, cut at 100 characters", (value, shown) => {
    expect(showValue(value)).toBe(shown);
  });

  it("never throws, and never shows more than that", () => {
    const values = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true, withMap: true });
    fc.assert(
      fc.property(values, (value) => {
        expect(showValue(value).length).toBeLessThanOrEqual(101);
      }),
    );
  });

  it("shows values that refuse to be written", () => {
    const ring = Object.assign(Object.create(null), { big: 1n });
    const failing = {
      toJSON: () => {
        throw new Error("no JSON");
      },
      toString: () => {
        throw new Error("no text");
      },
    };
    const named = Object.defineProperty(() => 1, "name", { value: Symbol("s") });
    expect([ring, failing, named].map(showValue)).toEqual([
      "an object",
      "an object",
      "a function (Symbol(s))",
    ]);
  });
});

describe("TemplateError", () => {
  const messageOf = (strings: readonly string[], part: number) =>
    new TemplateError(strings, part, "problem").message;

  it("names the part by its number from 1, and marks it in the literal text", () => {
    const strings = ["<p>", "</p>\n  <b>", "</b>", ""];
    expect([0, 1, 2].map((part) => messageOf(strings, part))).toEqual([
      "Part 1 of the template `<p>${?}</p> <b>${…}</b>${…}`: problem",
      "Part 2 of the template `<p>${…}</p> <b>${?}</b>${…}`: problem",
      "Part 3 of the template `<p>${…}</p> <b>${…}</b>${?}`: problem",
    ]);
  });

  it("shows 50 characters on either side of the part", () => {
    const far = "x".repeat(1000);
    expect(messageOf([`${far}${"a".repeat(50)}`, `${"b".repeat(50)}${far}`], 0)).toBe(
      `Part 1 of the template \`…${"a".repeat(50)}\${?}${"b".repeat(50)}\`: problem`,
    );
  });

  it("can be told from other errors by name and code", () => {
    expect(new TemplateError(["", ""], 0, "problem")).toMatchObject({
      name: "TemplateError",
      code: "template",
    });
  });
});
