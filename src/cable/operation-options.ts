import { isRecord } from "../protocol/is-record.ts";
import { LIMITS } from "../protocol/limits.ts";
import {
  ELEMENT_OPTIONS,
  EVERY_OPTIONS,
  OPERATIONS,
  type OperationSpec,
  type OptionKind,
} from "../protocol/operations.ts";
import { OperationError } from "./operation-error.ts";
import { shortened, type writeOption } from "./option-values.ts";
import { selectorOf } from "./selectable.ts";

/** Options as somebody gave them. */
export type Given = Readonly<Record<string, unknown>>;

/** Operations of an application's own take what all take, on elements or not, and whatever else they are given. */
const CUSTOM: OperationSpec = { target: "document", required: {}, optional: ELEMENT_OPTIONS };

/** What an operation of that name takes. */
export function specOf(name: string): OperationSpec {
  return Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name as keyof typeof OPERATIONS] : CUSTOM;
}

/**
 * Selector and options of a call, as one. Throws {@link OperationError} for other arguments.
 *
 * @param args a selector and options, or either, or none
 */
export function optionsOf(name: string, [first, second]: readonly unknown[]): Given {
  const selector = selectorOf(first);
  const given = selector === undefined ? (first ?? {}) : (second ?? {});
  if (selector !== undefined && specOf(name).target !== "element" && specOf(name) !== CUSTOM)
    throw new OperationError(
      "operation-value",
      name,
      `${name} got ${shortened(first)}; expected its options alone`,
    );
  if (!isRecord(given))
    throw new OperationError(
      "operation-value",
      name,
      `${name} got ${shortened(given)}; expected an object of options`,
    );
  const own: unknown = given.toOperationOptions;
  const options = typeof own === "function" ? own.call(given) : given;
  return selector === undefined ? options : { ...options, selector };
}

/**
 * The options as they travel, each judged by its kind; those that are `undefined` left out. Throws {@link OperationError}.
 *
 * @param write judges and writes one value
 */
export function writeOptions(name: string, given: Given, write: typeof writeOption): Given {
  const { target, required, optional } = specOf(name);
  const kinds: Readonly<Record<string, OptionKind>> = {
    ...EVERY_OPTIONS,
    ...(target === "element" && ELEMENT_OPTIONS),
    ...required,
    ...optional,
  };
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const option = camelized(key);
    if (value === undefined) continue;
    // It would be another operation, which nobody has judged.
    if (option === "operation")
      throw new OperationError(
        "operation-value",
        name,
        `${name} got the operation ${shortened(value)}; expected an option of another name, since that is what names it`,
      );
    const kind = kinds[option] ?? "json";
    const meant = option === "selector" ? (selectorOf(value) ?? value) : saidBy(value, option);
    options[option] = write({ operation: name, name: option, kind }, meant);
  }
  const delay = Number(options.delay ?? 0);
  if (delay < 0 || delay > LIMITS.operationDelayMs) {
    const expected = `expected 0 to ${LIMITS.operationDelayMs} milliseconds`;
    throw new OperationError("operation-value", name, `${name} got the delay ${delay}; ${expected}`);
  }
  return options;
}

/** An object may know what it is as an option of that name: `toHtml()` for `html`, say. */
function saidBy(value: unknown, option: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  const answer: unknown = Reflect.get(value, `to${option.charAt(0).toUpperCase()}${option.slice(1)}`);
  return typeof answer === "function" ? answer.call(value) : value;
}

/** A name in camel case that may have been written with underscores. */
export function camelized(name: string): string {
  return name.replace(/(?<=[a-z\d])_([a-z\d])/gi, (_, letter: string) => letter.toUpperCase());
}
