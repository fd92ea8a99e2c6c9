import { type Cell, Kept, type StructureOptions } from "./cell.ts";

/** How a flag is marked. */
export interface MarkOptions {
  /** How long it stays marked, in milliseconds. Default: what the flag was declared with. */
  readonly expiresIn?: number;
  /** False leaves a flag alone that is marked. Default: true, which begins its time anew. */
  readonly force?: boolean;
}

/** Something that is so, or not; for a time, when it is said how long. */
export class Flag {
  readonly #kept: Kept<true>;

  constructor(cell: Cell, options: StructureOptions<boolean>) {
    this.#kept = new Kept(cell, "flag", options.expiresIn);
  }

  get value(): boolean {
    return this.#kept.read() ?? false;
  }

  /** As {@link value}. */
  get marked(): boolean {
    return this.value;
  }

  /** Marks it. False when it was left alone. Throws `StructureError` for an `expiresIn` that is no time. */
  mark({ expiresIn, force = true }: MarkOptions = {}): boolean {
    const ms = this.#kept.checkedMs(expiresIn);
    if (!force && this.value) return false;
    if (ms === undefined) this.#kept.write(true);
    else this.#kept.write(true, this.#kept.now + ms);
    return true;
  }

  remove(): void {
    this.#kept.remove();
  }
}
