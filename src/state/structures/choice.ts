import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";

/** What an enum is declared with. */
export interface ChoiceOptions<Value extends string> extends StructureOptions<Value> {
  /** What it may be: at least one, each once. */
  readonly values: readonly Value[];
  /** What it is while nothing was chosen. */
  readonly default: NoInfer<Value>;
}

/** One of a few words: what Kredis calls `enum`. */
export class Choice<Value extends string> {
  readonly #kept: Kept<Value>;
  readonly #values: readonly Value[];
  readonly #default: Value;

  /** Throws `StructureError` for values that are no different words, and for a default that is none of them. */
  constructor(cell: Cell, options: ChoiceOptions<Value>) {
    this.#kept = new Kept(cell, "enum", options.expiresIn);
    this.#values = checkedWords(this.#kept, options.values);
    this.#default = this.#oneOf(options.default);
  }

  /** What was chosen; the default when nothing was, or what was chosen is no longer among the values. */
  get value(): Value {
    const value = this.#kept.read();
    return value !== undefined && this.#values.includes(value) ? value : this.#default;
  }

  /** Throws `StructureError` for what is not among the values: so does {@link is}. */
  set(value: Value): void {
    this.#kept.write(this.#oneOf(value));
  }

  is(value: Value): boolean {
    return this.value === this.#oneOf(value);
  }

  /** Takes it back to its default. */
  reset(): void {
    this.#kept.remove();
  }

  #oneOf(value: Value): Value {
    if (this.#values.includes(value)) return value;
    throw this.#kept.refuse(`was given ${shown(value)}`, `one of ${shown(this.#values)}`);
  }
}

/** The words themselves. Throws `StructureError` for what are none, the same twice, none at all or too many. */
export function checkedWords<Word extends string>(
  kept: Kept<unknown>,
  words: readonly Word[],
): readonly Word[] {
  const isList = Array.isArray(words) && words.length > 0 && words.length <= LIMITS.structureItems;
  if (
    isList &&
    words.every((word): boolean => typeof word === "string") &&
    new Set(words).size === words.length
  )
    return words;
  const expected = `1 to ${LIMITS.structureItems} different texts`;
  throw kept.refuse(`was given ${shown(words)} as values`, expected);
}
