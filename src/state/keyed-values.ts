import { assertKey } from "./draft.ts";

/** Where the values of one scope are read and written, by keys that were checked. */
export interface ValueScope {
  /** A copy; `undefined` when there is none. */
  read(key: string): unknown;
  /** `undefined` removes. Throws where the scope cannot be written. */
  write(key: string, value: unknown): void;
  keys(): readonly string[];
}

/**
 * Values by keys, for one turn: reads what is committed and what this turn wrote, keeps the turn's writes to itself until
 * they are committed together. Values are what structured clone can copy (so dates, maps and typed arrays too), and are
 * copied both ways: changing a value that was read changes nothing until it is set again. Of an object of a class its
 * fields are kept, not the class.
 */
export class KeyedValues<Values extends object = Record<string, unknown>> {
  readonly #scope: ValueScope;

  constructor(scope: ValueScope) {
    this.#scope = scope;
  }

  /** The value, or `undefined` when there is none. */
  get<Key extends keyof Values & string>(key: Key): Values[Key] | undefined {
    // What was stored under this key was a Values[Key] when `set` took it.
    return this.#scope.read(key) as Values[Key] | undefined;
  }

  /** The value, or what is given (a function: what it returns) when there is none. Writes nothing. */
  fetch<Key extends keyof Values & string>(
    key: Key,
    fallback: Values[Key] | (() => Values[Key]),
  ): Values[Key] {
    const value = this.get(key);
    if (value !== undefined) return value;
    // Functions cannot be stored, so a fallback that is one is no value.
    return typeof fallback === "function" ? (fallback as () => Values[Key])() : fallback;
  }

  has(key: keyof Values & string): boolean {
    return this.get(key) !== undefined;
  }

  /** The keys of all values, in no order. */
  keys(): readonly (keyof Values & string)[] {
    return this.#scope.keys() as readonly (keyof Values & string)[];
  }

  /**
   * Writes a value; `undefined` deletes.
   * Throws `SessionError` for a key or value over its limit, a value that cannot be copied (a function, a promise), in a
   * reflex that may only read, and after the turn is over.
   */
  set<Key extends keyof Values & string>(key: Key, value: Values[Key] | undefined): void {
    assertKey(key);
    this.#scope.write(key, value);
  }

  /**
   * Writes what a function makes of the value (`undefined` when there is none), and returns it. Throws as {@link set} does.
   *
   * @example
   * this.session.update("count", (count = 0) => count + 1);
   */
  update<Key extends keyof Values & string>(
    key: Key,
    change: (value: Values[Key] | undefined) => Values[Key],
  ): Values[Key] {
    const value = change(this.get(key));
    this.set(key, value);
    return value;
  }

  /** Throws as {@link set} does. */
  delete(key: keyof Values & string): void {
    this.set(key, undefined);
  }

  /** Deletes every value. Throws as {@link set} does. */
  clear(): void {
    for (const key of this.keys()) this.delete(key);
  }
}
