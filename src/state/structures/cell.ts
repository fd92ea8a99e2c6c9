import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { StructureError } from "./structure-error.ts";

/** Where one structure is kept: all that it needs of a session, or of an object. */
export interface Cell {
  /** The name of the structure, for errors. */
  readonly name: string;
  /** What was written last; `undefined` when there is nothing. The structure changes nothing in it. */
  read(): Stored | undefined;
  /** `undefined` removes. Called at most once for each call of a structure's method. */
  write(stored: Stored | undefined): void;
  /** In milliseconds since 1970. */
  now(): number;
}

/** One structure as it is kept: its kind, what it holds as JSON can write it, when it ends in milliseconds since 1970. */
export type Stored = readonly [kind: string, state: unknown, expiresAt?: number];

/** What every structure may be declared with. */
export interface StructureOptions<Value> {
  /** How long what was changed is kept, in whole milliseconds, up to a year. Default: as long as what it is bound to. */
  readonly expiresIn?: number;
  /**
   * Called with the new value after each change. In a session: within the call that changed it, and not awaited. For a
   * structure of a key: when the change is done, before the promise of it resolves; awaited.
   */
  readonly onChange?: (value: Value) => void | Promise<void>;
}

/** The state of one structure of one kind: reads and writes it, and sees to its end. */
export class Kept<State> {
  readonly #cell: Cell;
  readonly #kind: string;
  readonly #expiresIn: number | undefined;

  /** Throws {@link StructureError} for an `expiresIn` that is no time. */
  constructor(cell: Cell, kind: string, expiresIn?: number) {
    this.#cell = cell;
    this.#kind = kind;
    this.#expiresIn = checkedMs(cell, expiresIn);
  }

  /** `undefined` when there is none, or it has ended. Throws {@link StructureError} where another kind is kept. */
  read(): State | undefined {
    const stored = this.#stored();
    // What is kept of a kind is what its structure wrote.
    return stored?.[1] as State | undefined;
  }

  /** Writes it, to end `expiresIn` from here, or when it is said. */
  write(state: State, expiresAt = this.#nextEnd()): void {
    this.#put(state, expiresAt);
  }

  /** Writes it, to end when what is there ends: a window that changes do not move. */
  writeWithin(state: State): void {
    const stored = this.#stored();
    this.#put(state, stored === undefined ? this.#nextEnd() : stored[2]);
  }

  /** Removes it. Writes nothing where there is nothing. */
  remove(): void {
    if (this.#stored() !== undefined) this.#cell.write(undefined);
  }

  /** In milliseconds since 1970. */
  get now(): number {
    return this.#cell.now();
  }

  /** The error of what this structure was asked. */
  refuse(what: string, expected: string): StructureError {
    return refusal(this.#cell, what, expected);
  }

  /** The error of what this structure has no room for. */
  refuseFull(what: string, expected: string): StructureError {
    const { name } = this.#cell;
    return new StructureError(
      "structure-full",
      name,
      `Structure ${shown(name)} ${what}; expected ${expected}`,
    );
  }

  /** The time itself. Throws {@link StructureError} for what is none. */
  checkedMs(expiresIn: unknown): number | undefined {
    return checkedMs(this.#cell, expiresIn);
  }

  #put(state: State, expiresAt: number | undefined): void {
    this.#cell.write(expiresAt === undefined ? [this.#kind, state] : [this.#kind, state, expiresAt]);
  }

  #nextEnd(): number | undefined {
    return this.#expiresIn === undefined ? undefined : this.now + this.#expiresIn;
  }

  #stored(): Stored | undefined {
    const stored = this.#cell.read();
    if (stored === undefined) return undefined;
    const [kind, , expiresAt] = stored;
    if (expiresAt !== undefined && expiresAt <= this.now) return undefined;
    if (kind === this.#kind) return stored;
    const { name } = this.#cell;
    throw new StructureError(
      "structure-kind",
      name,
      `Structure ${shown(name)} is a ${kind} and was asked as a ${this.#kind}; take another name, or clear it first`,
    );
  }
}

function refusal({ name }: Cell, what: string, expected: string): StructureError {
  return new StructureError(
    "structure-value",
    name,
    `Structure ${shown(name)} ${what}; expected ${expected}`,
  );
}

function checkedMs(cell: Cell, expiresIn: unknown): number | undefined {
  if (expiresIn === undefined) return undefined;
  const isWhole = typeof expiresIn === "number" && Number.isSafeInteger(expiresIn);
  if (isWhole && expiresIn >= 1 && expiresIn <= LIMITS.structureMs) return expiresIn;
  throw refusal(
    cell,
    `was given ${shown(expiresIn)} as expiresIn`,
    `whole milliseconds from 1 to ${LIMITS.structureMs} (a year)`,
  );
}
