import type { OptionKind } from "../protocol/operations.ts";
import { renderToString } from "../render/render.ts";
import type { Part } from "../render/view.ts";
import { OperationError } from "./operation-error.ts";

/** One option of one operation, for those who judge its value. */
interface Option {
  readonly operation: string;
  readonly name: string;
  readonly kind: OptionKind;
}

/** What each kind expects, in words. */
const EXPECTED = {
  html: "a view, or text",
  text: "text, a number, a boolean or null",
  names: "a name, or a list of names",
  integer: "a whole number",
  flag: "true or false",
  record: "an object of JSON values",
  json: "what JSON can write",
} as const;

/**
 * The value of an option as it travels. Throws {@link OperationError} for what is not of its kind, and what a view throws that
 * cannot be rendered.
 */
export function writeOption(option: Option, value: unknown): unknown {
  // Whatever is no view is refused by the renderer, with words of its own.
  if (option.kind === "html") return renderToString(value as Part);
  return copyOption(option, value);
}

/** The same of a value that travelled already: markup is text by then. */
export function copyOption(option: Option, value: unknown): unknown {
  const { kind } = option;
  if (!(typeof kind === "string" ? isOf(kind, value) : kind.includes(String(value))))
    throw refusal(option, value);
  return typeof value === "object" && value !== null ? toJson(option, value) : value;
}

function isOf(kind: keyof typeof EXPECTED, value: unknown): boolean {
  switch (kind) {
    case "html":
      return typeof value === "string";
    case "text":
      return value === null || ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
    case "names":
      return typeof value === "string" || (Array.isArray(value) && value.every(isText));
    case "integer":
      return Number.isSafeInteger(value);
    case "flag":
      return typeof value === "boolean";
    case "record":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "json":
      // What JSON leaves out would be missing in the page without a word.
      return !["function", "symbol", "bigint", "undefined"].includes(typeof value);
  }
}

/** A copy, so that what becomes of the value afterwards does not matter. */
function toJson(option: Option, value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    throw refusal(option, value, cause);
  }
}

function refusal({ operation, name, kind }: Option, value: unknown, cause?: unknown): OperationError {
  const expected = typeof kind === "string" ? EXPECTED[kind] : `one of ${kind.join(", ")}`;
  const message = `${operation} got the ${name} ${shortened(value)}; expected ${expected}`;
  return new OperationError("operation-value", operation, message, { cause });
}

/** A value as an error message shows it: never throws, at most 100 characters. */
export function shortened(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 100);
  } catch {
    // It contains itself, or a bigint: its kind has to do.
    return Object.prototype.toString.call(value);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
