import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/protocol/limits.ts";
import {
  addDecimals,
  type DecimalParts,
  readDecimal,
  writeDecimal,
} from "../../../src/state/structures/decimal-text.ts";
import { MemoryStore, turnOver } from "../../support/structure-places.ts";

/** Texts of up to 60 digits, as they are written. */
const decimal = fc
  .record({ units: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), scale: fc.nat({ max: 30 }) })
  .map(writeDecimal);

function read(text: string): DecimalParts {
  const parts = readDecimal(text);
  if (parts === undefined) throw new Error(`${text} is no decimal number`);
  return parts;
}

/** The number as a whole number of its 60th digits behind the point. */
function exactly(text: string): bigint {
  const { units, scale } = read(text);
  return units * 10n ** BigInt(60 - scale);
}

describe("a decimal number", () => {
  it("comes back as it was written", () => {
    fc.assert(fc.property(decimal, (text) => void expect(writeDecimal(read(text))).toBe(text)));
  });

  it.each([
    ["007.50", "7.50"],
    ["+1", "1"],
    ["-0.00", "0.00"],
    ["0", "0"],
    ["-0.05", "-0.05"],
  ])("reads %s as %s", (text, expected) => {
    expect(writeDecimal(read(text))).toBe(expected);
  });

  it("is added exactly, whatever the order, with the digits of the longer", () => {
    fc.assert(
      fc.property(decimal, decimal, (one, other) => {
        const sum = writeDecimal(addDecimals(read(one), read(other)));
        expect(exactly(sum)).toBe(exactly(one) + exactly(other));
        expect(writeDecimal(addDecimals(read(other), read(one)))).toBe(sum);
        expect(read(sum).scale).toBe(Math.max(read(one).scale, read(other).scale));
      }),
    );
  });

  it("sums what floating point does not", () => {
    const { structures } = turnOver(new MemoryStore());
    const total = structures.decimal("total");
    expect([total.value, total.add("0.1"), total.add("0.2"), total.subtract("0.30")]).toEqual([
      undefined,
      "0.1",
      "0.3",
      "0.00",
    ]);
    total.set(10n ** 20n);
    expect(total.add(-1)).toBe("99999999999999999999");
  });

  it("is refused when it is none, and when it would be too long", () => {
    const { structures } = turnOver(new MemoryStore());
    const total = structures.decimal("total");
    for (const bad of ["", "1.", ".5", "1e3", "1,5", "0x1", " 1", 0.1, Number.NaN, null, {}, "9".repeat(101)])
      expect(() => total.set(bad as string)).toThrow(
        /Structure "total" was given .*; expected a decimal number as text, as "19.90"/,
      );
    total.set("9".repeat(LIMITS.decimalDigits));
    expect(() => total.add(1)).toThrow(/would have 101 digits; expected at most 100/);
    expect(() => total.add("0.1")).toThrow(/would have 101 digits; expected at most 100/);
    expect(total.value).toBe("9".repeat(LIMITS.decimalDigits));
    expect(() => structures.decimal("rate", { default: "a" })).toThrow(/"rate" was given "a"/);
  });
});
