/** An object that has begun. */
export interface Begun {
  readonly className: string;
  readonly id: string;
  /** Absent for one that was not told it. */
  readonly name?: string | undefined;
}

/** Those that this process has begun, by their ids: it ends with it. */
const begun = new Map<string, Begun>();

/**
 * Takes note of an object as it begins. Whoever evicts it later has to reach it by its name: where it has ended meanwhile, reaching it by
 * its id would make one that is told no name.
 */
export function begins(className: string, id: { readonly name?: string; toString(): string }): void {
  begun.set(id.toString(), { className, id: id.toString(), name: id.name });
}

/** All of them, ordered by their ids; some may have ended. */
export function allBegun(): readonly Begun[] {
  return [...begun.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
