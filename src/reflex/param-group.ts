import { shown } from "../state/shown.ts";
import { type FieldGroup, type FieldValue, isGroup, newGroup, ParamsError } from "./nested-fields.ts";

/**
 * What is permitted of a group of fields: a name of text; or a record, by names, of `[]` for a list of texts, of filters for a group, and
 * of a list with one list of filters in it for a list of groups.
 */
export type ParamFilter = string | { readonly [name: string]: NestedFilter };

type NestedFilter = readonly [] | readonly ParamFilter[] | readonly [readonly ParamFilter[]];

/** What `permit` gives for its filters: everything in it may be absent, since a browser may send nothing. */
export type Permitted<Filters extends readonly unknown[]> = Merged<PermittedBy<Filters[number]>>;

type PermittedBy<Filter> = Filter extends string
  ? { readonly [Name in Filter]?: string }
  : { readonly [Name in keyof Filter]?: PermittedNested<Filter[Name]> };

type PermittedNested<Filters> = Filters extends readonly []
  ? readonly string[]
  : Filters extends readonly [infer Inner extends readonly unknown[]]
    ? readonly Permitted<Inner>[]
    : Filters extends readonly unknown[]
      ? Permitted<Filters>
      : never;

/** The members of all of a union's types together. */
type Merged<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? { [Name in keyof All]: All[Name] }
  : never;

/** A group of a form's fields, of which an action says what it takes. */
export class ParamGroup {
  readonly #group: FieldGroup;
  readonly #path: string;

  /** @param path the name of the group, as a form writes it; empty for all of its fields */
  constructor(group: FieldGroup, path = "") {
    this.#group = group;
    this.#path = path;
  }

  /** The group of that name. Throws {@link ParamsError} when there is none. */
  require(name: string): ParamGroup {
    const value = this.#group[name];
    const path = this.#path === "" ? name : `${this.#path}[${name}]`;
    if (isGroup(value)) return new ParamGroup(value, path);
    const is = value === undefined ? "There is no field" : `There is ${shown(value)}, and no field`;
    throw new ParamsError("params-missing", path, `${is} in ${path}[…]; expected one at least`);
  }

  /**
   * The fields that the filters name, and no other: as plain objects without a prototype, so that they can be handed on. What is of another
   * shape than its filter says is left out, as what is not there is. Groups with numbers for names (`items[0][qty]`) are a list, in the
   * order of the numbers.
   *
   * @example
   * const user = this.params.require("user").permit("name", { roles: [], address: ["street"], items: [["qty"]] });
   */
  permit<const Filters extends readonly ParamFilter[]>(...filters: Filters): Permitted<Filters> {
    // What the filters let through has the shape that they say.
    return permitted(this.#group, filters) as Permitted<Filters>;
  }

  /** Everything that was sent, as it was: the visitor's claim. */
  toObject(): FieldGroup {
    return this.#group;
  }
}

function permitted(group: FieldGroup, filters: readonly ParamFilter[]): Record<string, unknown> {
  const taken: Record<string, unknown> = newGroup();
  for (const filter of filters) {
    const nested = typeof filter === "string" ? [[filter, undefined] as const] : Object.entries(filter);
    for (const [name, inner] of nested) {
      const value = take(group[name], inner);
      if (value !== undefined) taken[name] = value;
    }
  }
  return taken;
}

/** `undefined` for what is of another shape than the filter says. */
function take(value: FieldValue | undefined, filter: NestedFilter | undefined): unknown {
  if (filter === undefined) return typeof value === "string" ? value : undefined;
  const [first] = filter;
  if (first === undefined) return isListOfText(value) ? [...value] : undefined;
  if (Array.isArray(first)) return groupsOf(value)?.map((one) => permitted(one, first));
  // Of a list that begins with a filter, all are filters.
  return isGroup(value) ? permitted(value, filter as readonly ParamFilter[]) : undefined;
}

function groupsOf(value: FieldValue | undefined): readonly FieldGroup[] | undefined {
  if (Array.isArray(value)) return value.every(isFieldGroup) ? value : undefined;
  if (!isFieldGroup(value)) return undefined;
  const numbers = Object.keys(value).filter((name) => /^\d{1,15}$/.test(name));
  numbers.sort((left, right) => Number(left) - Number(right));
  return numbers.flatMap((number) => {
    const group = value[number];
    return isFieldGroup(group) ? [group] : [];
  });
}

function isFieldGroup(value: FieldValue | undefined): value is FieldGroup {
  return isGroup(value);
}

function isListOfText(value: FieldValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
