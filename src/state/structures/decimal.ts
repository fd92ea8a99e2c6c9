import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept } from "./cell.ts";
import { addDecimals, type DecimalParts, digitsOf, readDecimal, writeDecimal } from "./decimal-text.ts";
import type { ScalarOptions } from "./scalar.ts";

/** An exact decimal number as text, `"19.90"`, or a whole number. */
export type DecimalInput = string | number | bigint;

/**
 * An exact decimal number, kept and given as text, of up to 100 digits. It keeps the digits behind the point that it was
 * given, and a sum has those of the longer of both: `"19.90"` plus `"0.1"` is `"20.00"`.
 */
export class Decimal<Default extends string | undefined> {
  readonly #kept: Kept<string>;
  readonly #default: string | undefined;

  /** Throws `StructureError` for a default that is no decimal number. */
  constructor(cell: Cell, options: ScalarOptions<string, Default>) {
    this.#kept = new Kept(cell, "decimal", options.expiresIn);
    this.#default = options.default === undefined ? undefined : writeDecimal(this.#parts(options.default));
  }

  /** The number as text, or the default while none is set. */
  get value(): string | Default {
    // There is a default where the type says so.
    return this.#kept.read() ?? (this.#default as Default);
  }

  /** True when a number is set, whatever the default. */
  get assigned(): boolean {
    return this.#kept.read() !== undefined;
  }

  /** Sets the number, and moves its end on. Throws `StructureError` for what is none: a number with a fraction has lost digits already. */
  set(value: DecimalInput): void {
    this.#kept.write(writeDecimal(this.#parts(value)));
  }

  /** Adds exactly, to zero when there is no number and no default. Returns the sum. Throws as {@link set} does. */
  add(by: DecimalInput): string {
    return this.#add(this.#parts(by));
  }

  /** Subtracts exactly, as {@link add} adds. */
  subtract(by: DecimalInput): string {
    const { units, scale } = this.#parts(by);
    return this.#add({ units: -units, scale });
  }

  /** Removes the number: the default counts again. */
  clear(): void {
    this.#kept.remove();
  }

  #add(by: DecimalParts): string {
    const sum = addDecimals(this.#parts(this.value ?? "0"), by);
    if (digitsOf(sum) > LIMITS.decimalDigits)
      throw this.#kept.refuseFull(`would have ${digitsOf(sum)} digits`, `at most ${LIMITS.decimalDigits}`);
    const text = writeDecimal(sum);
    this.#kept.write(text);
    return text;
  }

  #parts(value: unknown): DecimalParts {
    const isText = typeof value === "string" || typeof value === "bigint" || Number.isSafeInteger(value);
    const parts = isText ? readDecimal(String(value)) : undefined;
    if (parts !== undefined) return parts;
    const expected = `a decimal number as text, as "19.90", of at most ${LIMITS.decimalDigits} digits`;
    throw this.#kept.refuse(`was given ${shown(value)}`, expected);
  }
}
