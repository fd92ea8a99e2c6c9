import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";

/** What JSON cannot write, and where it is: `a Date at .items[2]`. */
export class JsonProblem {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A copy of what JSON can write: text, finite numbers, booleans, null, arrays and plain objects of them. Properties that are
 * `undefined` are left out. What JSON would quietly write as something else (dates, maps, NaN, instances of classes) is a problem.
 */
export function toJson(value: unknown): unknown {
  return copied(value, "", 0);
}

/** Two values are the same when this of them is. Takes what {@link toJson} gave: so the order of properties counts. */
export const identityOf: (json: unknown) => string = JSON.stringify;

function copied(value: unknown, path: string, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // JSON has no negative zero.
      return Number.isFinite(value) ? value + 0 : problem(shown(value), path);
    case "object":
      if (value === null) return value;
      if (depth > LIMITS.structureDepth) return problem(`more than ${LIMITS.structureDepth} levels`, path);
      return Array.isArray(value) ? copiedArray(value, path, depth) : copiedObject(value, path, depth);
    default:
      return problem(value === undefined ? "undefined" : `a ${typeof value}`, path);
  }
}

function copiedArray(values: readonly unknown[], path: string, depth: number): unknown {
  const copies: unknown[] = [];
  for (const [index, value] of values.entries()) {
    const copy = copied(value, `${path}[${index}]`, depth + 1);
    if (copy instanceof JsonProblem) return copy;
    copies.push(copy);
  }
  return copies;
}

function copiedObject(value: object, path: string, depth: number): unknown {
  if (!isPlain(value)) return problem(`a ${nameOf(value)}`, path);
  const copies: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const copy = copied(inner, `${path}.${name}`, depth + 1);
    if (copy instanceof JsonProblem) return copy;
    copies.push([name, copy]);
  }
  // Defines what it is given, where assigning `__proto__` would change what the copy inherits.
  return Object.fromEntries(copies);
}

/** True for an object that is written as `{ … }`, and one without a prototype. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function nameOf(value: object): string {
  return value.constructor?.name || "value of a class";
}

function problem(what: string, path: string): JsonProblem {
  return new JsonProblem(path === "" ? what : `${what} at ${path.slice(0, 100)}`);
}
