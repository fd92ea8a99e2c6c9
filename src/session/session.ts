import { LIMITS } from "../protocol/limits.ts";

/** Where committed values live. Owned by the session; implemented over the object's storage. */
export interface SessionStore {
  /** The committed value, a fresh copy at each call; `undefined` when there is none. */
  read(key: string): unknown;
}

/** What a session draft wants written: a value, or `undefined` for a key that goes. */
export type SessionChanges = ReadonlyMap<string, unknown>;

/** A session value that cannot be stored, or a session that cannot be written any more, or at all. `key` says which. */
export class SessionError extends Error {
  override readonly name = "SessionError";
  readonly code: "session-key" | "session-value" | "session-closed" | "session-readonly";
  readonly key: string;

  constructor(code: SessionError["code"], key: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.key = key;
  }
}

/**
 * One turn's view of the visitor's session: reads what is committed and what this turn wrote, keeps the turn's
 * writes to itself until they are committed together. Values are what structured clone can copy (so dates, maps
 * and typed arrays too), and are copied both ways: changing a value that was read changes nothing until it is
 * set again.
 */
export class Session<Values extends object = Record<string, unknown>> {
  /** Names the session: stable for its life, safe to use as a key for the application's own data, no secret. */
  readonly id: string;
  readonly #store: SessionStore;
  readonly #changes = new Map<string, unknown>();
  readonly #isReadonly: boolean;
  #isClosed = false;

  /** @param isReadonly true when what is written could not be committed */
  constructor(id: string, store: SessionStore, isReadonly = false) {
    this.id = id;
    this.#store = store;
    this.#isReadonly = isReadonly;
  }

  /** The value, or `undefined` when there is none. */
  get<Key extends keyof Values & string>(key: Key): Values[Key] | undefined {
    const value = this.#changes.has(key) ? structuredClone(this.#changes.get(key)) : this.#store.read(key);
    // What was stored under this key was a Values[Key] when `set` took it.
    return value as Values[Key] | undefined;
  }

  has(key: keyof Values & string): boolean {
    return this.get(key) !== undefined;
  }

  /**
   * Writes a value; `undefined` deletes.
   * Throws {@link SessionError} for a key or value over its limit, a value that cannot be copied (a function, a
   * promise), in a reflex that may only read, and after the turn is over. Of an object of a class its fields are kept, not the class.
   */
  set<Key extends keyof Values & string>(key: Key, value: Values[Key] | undefined): void {
    this.#assertOpen(key);
    assertKey(key);
    this.#changes.set(key, value === undefined ? undefined : copyOf(key, value));
  }

  /** Throws {@link SessionError} after the turn is over. */
  delete(key: keyof Values & string): void {
    this.#assertOpen(key);
    this.#changes.set(key, undefined);
  }

  /**
   * Ends the turn's right to write and hands over what it wrote. Called once, by the runtime: a write that comes
   * later (from a promise that nobody awaited) must fail where its author sees it, not vanish.
   */
  close(): SessionChanges {
    this.#isClosed = true;
    return this.#changes;
  }

  /** True once the turn's right to write is over. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  #assertOpen(key: string): void {
    if (this.#isReadonly) {
      throw new SessionError(
        "session-readonly",
        key,
        `Session ${show(key)} cannot be written by an action that is declared ephemeral or concurrent; ` +
          "take it off that list, or keep the value elsewhere",
      );
    }
    if (!this.#isClosed) return;
    const advice = "await everything that writes before the action or the page returns";
    throw new SessionError(
      "session-closed",
      key,
      `Writing session ${show(key)} came after its turn ended; ${advice}`,
    );
  }
}

function assertKey(key: string): void {
  const max = LIMITS.sessionKeyChars;
  if (typeof key === "string" && key !== "" && key.length <= max) return;
  throw new SessionError(
    "session-key",
    key,
    `The session key ${show(key)} must be text of 1 to ${max} characters`,
  );
}

function copyOf(key: string, value: unknown): unknown {
  const copy = cloneOf(key, value);
  const chars = roughSize(copy);
  if (chars <= LIMITS.sessionValueChars) return copy;
  const limit = `at most ${LIMITS.sessionValueChars} characters as JSON; keep large values in a database`;
  throw new SessionError("session-value", key, `Session ${show(key)} would take ${chars}; expected ${limit}`);
}

function cloneOf(key: string, value: unknown): unknown {
  try {
    return structuredClone(value);
  } catch (cause) {
    const message = `Session ${show(key)} cannot be stored; expected a value that structuredClone can copy`;
    throw new SessionError("session-value", key, message, { cause });
  }
}

/**
 * How long the value is as JSON, with what JSON cannot write measured as well as a bound needs it. Each object counts
 * once, as structured clone stores it, so that values which contain themselves or share parts take their own time.
 */
export function roughSize(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value === "string") return value.length;
  // Of a part of a buffer, structured clone stores the whole.
  if (ArrayBuffer.isView(value)) return roughSize(value.buffer, seen);
  if (typeof value !== "object" || value === null) return String(value).length;
  if (seen.has(value)) return 0;
  seen.add(value);
  if (value instanceof ArrayBuffer) return value.byteLength;
  const members = value instanceof Map || value instanceof Set ? [...value].entries() : Object.entries(value);
  let chars = 2;
  for (const [name, inner] of members) chars += String(name).length + roughSize(inner, seen);
  return chars;
}

function show(key: unknown): string {
  return JSON.stringify(key)?.slice(0, 100) ?? String(key);
}
