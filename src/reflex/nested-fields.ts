import { LIMITS } from "../protocol/limits.ts";
import { shown } from "../state/shown.ts";

/** A group of fields by their names: without a prototype, so that no name of a browser's is one of the language's. */
export interface FieldGroup {
  readonly [name: string]: FieldValue;
}

/** What a name leads to: text, the texts or groups of a list, or a group. */
export type FieldValue = string | readonly FieldValue[] | FieldGroup;

type Group = { [name: string]: Value };
type Value = string | List | Group;
type List = Value[];

/** Fields cannot be taken as they were asked for. `param`: the name of the field. */
export class ParamsError extends Error {
  override readonly name = "ParamsError";
  readonly code: "params-missing" | "params-shape" | "params-depth";
  readonly param: string;

  constructor(code: ParamsError["code"], param: string, message: string) {
    super(message);
    this.code = code;
    this.param = param;
  }
}

/** A group without a prototype. */
export function newGroup(): Record<string, never> {
  return Object.create(null);
}

/**
 * Reads names with brackets as Rails does: `user[name]` is in a group, `roles[]` in a list, `items[][qty]` in a list of groups, of which
 * a new one begins with each name that the last one has. Of a name that comes twice outside a list the last one counts, so that a hidden
 * field can stand before a checkbox. What is written otherwise is a name as it stands.
 *
 * Throws {@link ParamsError} for a name that is text, list and group at a time, or nests more than `paramDepth` levels.
 */
export function nestFields(fields: Iterable<readonly [name: string, value: string]>): FieldGroup {
  const root: Group = newGroup();
  for (const [name, value] of fields) {
    const path = pathOf(name);
    if (path.length > LIMITS.paramDepth + 1) {
      throw new ParamsError(
        "params-depth",
        name,
        `The field ${shown(name)} nests ${path.length - 1} levels; expected at most ${LIMITS.paramDepth}`,
      );
    }
    put(root, path, { name, value });
  }
  return root;
}

/** An empty name stands for the next place in a list. */
function pathOf(name: string): readonly [string, ...string[]] {
  const [, root, brackets = ""] = /^([^[\]]+)((?:\[[^[\]]*\])+)$/.exec(name) ?? [];
  if (root === undefined) return [name];
  return [root, ...brackets.slice(1, -1).split("][")];
}

/** One field on its way into its group. */
interface Field {
  readonly name: string;
  readonly value: string;
}

function put(group: Group, [key, ...rest]: readonly [string, ...string[]], field: Field): void {
  const [next, ...behind] = rest;
  const before = group[key];
  if (next === undefined) {
    if (typeof before === "object") throw shapeOf(field, before, "text");
    group[key] = field.value;
  } else if (next === "") {
    if (before !== undefined && !Array.isArray(before)) throw shapeOf(field, before, "a list");
    const list = before ?? [];
    group[key] = list;
    append(list, behind, field);
  } else {
    if (before !== undefined && !isGroup(before)) throw shapeOf(field, before, "a group");
    const inner = before ?? newGroup();
    group[key] = inner;
    put(inner, [next, ...behind], field);
  }
}

function append(list: List, path: readonly string[], field: Field): void {
  const [key, ...rest] = path;
  const last = list.at(-1);
  if (last !== undefined && isGroup(last) === (key === undefined))
    throw shapeOf(field, last, key === undefined ? "text" : "a group");
  if (key === undefined) list.push(field.value);
  else if (isGroup(last) && !has(last, path)) put(last, [key, ...rest], field);
  else {
    const group: Group = newGroup();
    list.push(group);
    put(group, [key, ...rest], field);
  }
}

/** What ends in a list can always take one more. */
function has(group: Group, path: readonly string[]): boolean {
  let value: Value | undefined = group;
  for (const key of path) {
    if (key === "" || !isGroup(value)) return false;
    value = value[key];
  }
  return value !== undefined;
}

/** True for a group of fields. */
export function isGroup<Some extends Group | FieldGroup>(
  value: string | readonly unknown[] | Some | undefined,
): value is Some {
  return typeof value === "object" && !Array.isArray(value);
}

function shapeOf({ name }: Field, before: Value, wanted: string): ParamsError {
  const other = isGroup(before) ? "a group" : "a list";
  const was = typeof before === "string" ? "text" : other;
  const advice = "give the fields of a form names of one shape";
  return new ParamsError(
    "params-shape",
    name,
    `The field ${shown(name)} is ${wanted}, and another of its name is ${was}; ${advice}`,
  );
}
