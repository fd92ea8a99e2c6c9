import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";
import { JsonProblem, toJson } from "./json.ts";

/** What one value may be declared with. */
export interface ScalarOptions<Value, Default> extends StructureOptions<Value | Default> {
  /** The value while none is set. Not written. */
  readonly default?: Default;
}

/** What a JSON value with a default is declared with. */
export interface JsonOptions<Value> extends ScalarOptions<Value, Value> {
  readonly default: Value;
}

/** How values of one kind are kept. */
export interface Codec<Value> {
  readonly kind: string;
  /** What a value has to be, for messages. */
  readonly expected: string;
  /** What is kept of a value: JSON; `undefined` for what is no value of the kind. A problem says more than that. */
  keep(value: unknown): unknown;
  /** The value that was kept. */
  give(kept: unknown): Value;
}

/** One value: what Kredis calls `string`, `integer`, `boolean`, `json` and `datetime`. */
export class Scalar<Value, Default> {
  readonly #kept: Kept<unknown>;
  readonly #codec: Codec<Value>;
  readonly #default: unknown;

  /** Throws `StructureError` for a default that is no value of the kind. */
  constructor(cell: Cell, codec: Codec<Value>, options: ScalarOptions<Value, Default>) {
    this.#kept = new Kept(cell, codec.kind, options.expiresIn);
    this.#codec = codec;
    this.#default = options.default === undefined ? undefined : this.#keep(options.default);
  }

  /** The value, or the default while none is set. */
  get value(): Value | Default {
    const kept = this.#kept.read() ?? this.#default;
    // There is a default where the type says so: then this branch is not taken.
    return kept === undefined ? (undefined as Default) : this.#codec.give(kept);
  }

  /** True when a value is set, whatever the default. */
  get assigned(): boolean {
    return this.#kept.read() !== undefined;
  }

  /** Sets the value, and moves its end on. Throws `StructureError` for what is no value of the kind. */
  set(value: Value): void {
    this.#kept.write(this.#keep(value));
  }

  /** Removes the value: the default counts again. */
  clear(): void {
    this.#kept.remove();
  }

  #keep(value: unknown): unknown {
    const kept = this.#codec.keep(value);
    if (kept instanceof JsonProblem) throw this.#kept.refuse(`was given ${kept.text}`, this.#codec.expected);
    if (kept !== undefined) return kept;
    throw this.#kept.refuse(`was given ${shown(value)}`, this.#codec.expected);
  }
}

/** Text. */
export const TEXT: Codec<string> = {
  kind: "string",
  expected: "text",
  keep: (value) => (typeof value === "string" ? value : undefined),
  give: (kept) => String(kept),
};

/** Whole numbers that JavaScript adds exactly. */
export const INTEGER: Codec<number> = {
  kind: "integer",
  expected: "a whole number between -(2^53 - 1) and 2^53 - 1",
  keep: (value) => (Number.isSafeInteger(value) ? Number(value) + 0 : undefined),
  give: (kept) => Number(kept),
};

/** True or false. */
export const BOOLEAN: Codec<boolean> = {
  kind: "boolean",
  expected: "true or false",
  keep: (value) => (typeof value === "boolean" ? value : undefined),
  give: (kept) => kept === true,
};

/** A point in time, to the millisecond. */
export const DATETIME: Codec<Date> = {
  kind: "datetime",
  expected: "a valid Date",
  keep: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined),
  give: (kept) => new Date(Number(kept)),
};

const JSON_CODEC: Codec<unknown> = {
  kind: "json",
  expected: "what JSON can write: text, finite numbers, true, false, null, arrays and plain objects of them",
  // In an array of its own, since null is a value.
  keep(value) {
    const json = toJson(value);
    return json instanceof JsonProblem ? json : [json];
  },
  give: (kept) => (kept as readonly unknown[])[0],
};

/** Whatever JSON can write; its type is the application's promise to itself. */
export function jsonCodec<Value>(): Codec<Value> {
  return JSON_CODEC as Codec<Value>;
}
