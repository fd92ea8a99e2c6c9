import type { FormField } from "../protocol/messages.ts";

/**
 * The fields of the form around the element, as the browser serialised them: in document order, names repeated
 * as they occur, disabled and unchecked ones absent. Read-only; everything in it is the visitor's claim.
 */
export class Params implements Iterable<readonly [name: string, value: string]> {
  readonly #fields: readonly FormField[];

  constructor(fields: readonly FormField[] = []) {
    this.#fields = fields;
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

  /** How many fields there are, repeated names counted each time. */
  get size(): number {
    return this.#fields.length;
  }

  *[Symbol.iterator](): Generator<readonly [name: string, value: string]> {
    for (const [name, value] of this.#fields) yield [name, value];
  }
}
