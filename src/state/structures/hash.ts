import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";
import { isPlain, JsonProblem, toJson } from "./json.ts";

/** What a hash may be declared with. */
export interface HashOptions<Value> extends StructureOptions<ReadonlyMap<string, Value>> {
  /** What it holds until it is changed for the first time, and after `clear`. */
  readonly default?: Readonly<Record<string, Value>>;
}

type Pairs = readonly (readonly [key: string, value: unknown])[];

/** Values by keys that are text, in the order in which the keys came. */
export class Hash<Value> {
  readonly #kept: Kept<Pairs>;
  readonly #default: Pairs;

  /** Throws `StructureError` for a default that cannot be. */
  constructor(cell: Cell, options: HashOptions<Value>) {
    this.#kept = new Kept(cell, "hash", options.expiresIn);
    this.#default = [...this.#checked(options.default ?? {})];
  }

  get value(): ReadonlyMap<string, Value> {
    // What is kept is what was put in.
    return new Map(this.#read() as readonly (readonly [string, Value])[]);
  }

  get entries(): readonly (readonly [key: string, value: Value])[] {
    return [...this.value];
  }

  get keys(): readonly string[] {
    return [...this.value.keys()];
  }

  get values(): readonly Value[] {
    return [...this.value.values()];
  }

  get size(): number {
    return this.#read().length;
  }

  /** `undefined` where there is none. */
  get(key: string): Value | undefined {
    return this.value.get(key);
  }

  /** Throws `StructureError` for a key that is no text, a value that JSON cannot write, and for want of room. */
  set(key: string, value: Value): void {
    if (typeof key !== "string") throw this.#kept.refuse(`was given ${shown(key)} as key`, "text");
    this.update({ [key]: value });
  }

  /** Puts several values in, beside those that are there. Throws as {@link set} does. */
  update(values: Readonly<Record<string, Value>>): void {
    const added = this.#checked(values);
    if (added.size === 0) return;
    const after = new Map([...this.#read(), ...added]);
    const max = LIMITS.structureItems;
    if (after.size > max) throw this.#kept.refuseFull(`would hold ${after.size} keys`, `at most ${max}`);
    this.#kept.write([...after]);
  }

  /** Says how many went. */
  delete(...keys: readonly string[]): number {
    const gone = new Set(keys);
    const before = this.#read();
    const after = before.filter(([key]) => !gone.has(key));
    if (after.length < before.length) this.#kept.write(after);
    return before.length - after.length;
  }

  /** Removes all: the default counts again. */
  clear(): void {
    this.#kept.remove();
  }

  #read(): Pairs {
    return this.#kept.read() ?? this.#default;
  }

  /** A plain object, and nothing left out of it: a value that is `undefined` is a mistake here. */
  #checked(values: unknown): ReadonlyMap<string, unknown> {
    const json = isPlain(values) ? toJson(Object.entries(values)) : new JsonProblem(shown(values));
    // Pairs come out as pairs.
    if (!(json instanceof JsonProblem)) return new Map(json as Pairs);
    const expected =
      "a plain object whose values JSON can write: text, finite numbers, true, false, null, arrays";
    throw this.#kept.refuse(`was given ${json.text}`, `${expected} and plain objects of them`);
  }
}
