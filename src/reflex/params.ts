import type { FormField } from "../protocol/messages.ts";
import { Files, type UploadedFile } from "./files.ts";
import { type FieldGroup, nestFields } from "./nested-fields.ts";
import { type ParamFilter, ParamGroup, type Permitted } from "./param-group.ts";

/** Where the fields of a call come from. */
export interface ParamSources {
  /** Of the form. */
  readonly form?: readonly FormField[] | undefined;
  /** What a script of the page has added: in place of the form's fields of the same names. */
  readonly added?: readonly FormField[] | undefined;
  /** The parameters of the page's address. */
  readonly query?: Iterable<readonly [name: string, value: string]> | undefined;
}

/**
 * The fields of all sources, in the order in which they count. What is in the address never takes the place of what is in the form, nor
 * adds to a group of it: a link to the page with `?user[role]=admin` is not to fill in what its form leaves out.
 */
export function fieldsOf({ form = [], added = [], query = [] }: ParamSources): readonly FormField[] {
  const over = new Set(added.map(([name]) => name));
  const fields = [...form.filter(([name]) => !over.has(name)), ...added];
  const roots = new Set(fields.map(([name]) => rootOf(name)));
  const below = [...query].filter(([name]) => !roots.has(rootOf(name)));
  return below.length === 0 ? fields : [...fields, ...below];
}

function rootOf(name: string): string {
  return name.split("[", 1)[0] ?? name;
}

/**
 * The fields of the form around the element, as the browser serialised them: in document order, names repeated
 * as they occur, disabled and unchecked ones absent. Behind them those that the page's own script has added, and the parameters of the
 * page's address. Read-only; everything in it is the visitor's claim.
 */
export class Params implements Iterable<readonly [name: string, value: string]> {
  readonly #fields: readonly FormField[];
  readonly #files: Files;
  #nested: FieldGroup | undefined;

  constructor(fields: readonly FormField[] = [], files = new Files()) {
    this.#fields = fields;
    this.#files = files;
  }

  /** The first value of that name. */
  get(name: string): string | undefined {
    return this.#fields.find(([field]) => field === name)?.[1];
  }

  /** Every value of that name in document order; empty when there is none. */
  getAll(name: string): readonly string[] {
    return this.#fields.filter(([field]) => field === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#fields.some(([field]) => field === name);
  }

  /**
   * The fields by names with brackets: `user[name]` is `nested.user.name`, `roles[]` a list, `items[][qty]` a list of groups. Plain
   * objects without a prototype. Read once, when it is asked for.
   *
   * Throws {@link ParamsError} for names that contradict each other, or nest too deep.
   */
  get nested(): FieldGroup {
    this.#nested ??= nestFields(this);
    return this.#nested;
  }

  /** The group of fields with that name, `user` for `user[name]`. Throws {@link ParamsError} when there is none, and as {@link nested}. */
  require(name: string): ParamGroup {
    return new ParamGroup(this.nested).require(name);
  }

  /** The fields that the filters name, and no other: see `ParamGroup.permit`. Throws as {@link nested}. */
  permit<const Filters extends readonly ParamFilter[]>(...filters: Filters): Permitted<Filters> {
    return new ParamGroup(this.nested).permit(...filters);
  }

  /** The first file of that name which was uploaded for this call; `undefined` when there is none. See {@link files}. */
  file(name: string): UploadedFile | undefined {
    return this.files(name)[0];
  }

  /**
   * Every file of that name which was uploaded for this call, by an input with `data-reflex-upload`, as its class takes them by
   * `static uploads`. They are the application's once the action is committed; of one that fails they wait for the next try.
   *
   * Throws `SessionError` in an action that is declared to only read.
   */
  files(name: string): readonly UploadedFile[] {
    return this.#files.of(name);
  }

  /** How many fields there are, repeated names counted each time. */
  get size(): number {
    return this.#fields.length;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (const [name, value] of this.#fields) yield [name, value];
  }
}
