import { LIMITS } from "../../protocol/limits.ts";

/** A decimal number, exactly: `units` divided by ten to the power of `scale`. */
export interface DecimalParts {
  readonly units: bigint;
  /** How many digits stand behind the point, zeros included. */
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** Reads `-12.50`. `undefined` for what is no decimal number of at most `LIMITS.decimalDigits` digits. */
export function readDecimal(text: string): DecimalParts | undefined {
  // Long before the expression has looked at it: every digit, a sign and a point.
  if (text.length > LIMITS.decimalDigits + 2) return undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  const digits = whole.replace(/^0+(?=.)/, "").length + fraction.length;
  if (digits > LIMITS.decimalDigits) return undefined;
  const units = BigInt(whole + fraction);
  return { units: sign === "-" ? -units : units, scale: fraction.length };
}

/** Writes it with every digit of its scale, so that `1.50` stays `1.50`. No sign before zero. */
export function writeDecimal({ units, scale }: DecimalParts): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? "-" : "";
  return scale === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-scale)}`;
}

/** The exact sum, with as many digits behind the point as the longer of both. */
export function addDecimals(one: DecimalParts, other: DecimalParts): DecimalParts {
  const scale = Math.max(one.scale, other.scale);
  return { units: scaled(one, scale) + scaled(other, scale), scale };
}

/** How many digits it takes to write, those behind the point included. */
export function digitsOf({ units, scale }: DecimalParts): number {
  return Math.max((units < 0n ? -units : units).toString().length, scale + 1);
}

function scaled({ units, scale }: DecimalParts, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}
