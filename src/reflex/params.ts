import type { FormField } from "../protocol/messages.ts";
import { Files, type UploadedFile } from "./files.ts";

/**
 * The fields of the form around the element, as the browser serialised them: in document order, names repeated
 * as they occur, disabled and unchecked ones absent. Read-only; everything in it is the visitor's claim.
 */
export class Params implements Iterable<readonly [name: string, value: string]> {
  readonly #fields: readonly FormField[];
  readonly #files: Files;

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
