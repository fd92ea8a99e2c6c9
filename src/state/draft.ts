import { LIMITS } from "../protocol/limits.ts";
import { roughSize } from "./rough-size.ts";
import { shown } from "./shown.ts";

/** Where committed values live. Owned by the draft; implemented over the object's storage. */
export interface SessionStore {
  /** The committed value, a fresh copy at each call; `undefined` when there is none. */
  read(key: string): unknown;
  /** The keys of all committed values, in no order. */
  keys(): Iterable<string>;
  /** Absent where nothing that is written is kept. */
  readonly timers?: StoredTimers;
}

/** What a turn that sets timers has to know of those that are set. */
export interface StoredTimers {
  readonly count: number;
  /** The order of the one that was set last, as far as it is known. */
  readonly lastOrder: number;
}

/** Of a session without timers. */
export const NO_TIMERS: StoredTimers = { count: 0, lastOrder: 0 };

/** What a draft wants written: a value, or `undefined` for a key that goes. */
export type SessionChanges = ReadonlyMap<string, unknown>;

/** A value that cannot be stored, or a state that cannot be written any more, or at all. `key` says which. */
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

/** What the draft of a turn may not do. */
export interface DraftOptions {
  /** True when what is written could not be committed. */
  readonly isReadonly?: boolean;
}

/**
 * What one turn has written so far, over what is committed: keeps the turn's writes to itself until they are committed
 * together. Everything of a session that is committed with it is a value in here: the application's under their own
 * keys, the runtime's under keys that begin with {@link RESERVED}. Values are copied both ways.
 */
export class Draft {
  readonly #store: SessionStore;
  readonly #changes = new Map<string, unknown>();
  readonly #isReadonly: boolean;
  #isClosed = false;
  #isBare = false;

  constructor(store: SessionStore, { isReadonly = false }: DraftOptions = {}) {
    this.#store = store;
    this.#isReadonly = isReadonly;
  }

  /** A copy of the value, or `undefined` when there is none. */
  read(key: string): unknown {
    if (this.#changes.has(key)) return structuredClone(this.#changes.get(key));
    return this.#isBare ? undefined : this.#store.read(key);
  }

  /**
   * Writes a value; `undefined` removes it.
   *
   * @param name what the application knows it by, for errors
   *
   * Throws {@link SessionError} for a value over its limit or one that cannot be copied (a function, a promise), in an action
   * that may only read, and after the turn is over.
   */
  write(key: string, value: unknown, name = `Session ${shown(key)}`): void {
    this.assertOpen(key, name);
    this.#changes.set(key, value === undefined ? undefined : copyOf(key, value, name));
  }

  /** The keys of all values as this turn sees them. */
  keys(): readonly string[] {
    const keys = new Set(this.#isBare ? [] : this.#store.keys());
    for (const [key, value] of this.#changes) {
      if (value === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  /** What was written so far. */
  get changes(): SessionChanges {
    return this.#changes;
  }

  /** Forgets what was written, and sees nothing more of what is committed: what is written from then on is another session's. */
  bare(): void {
    this.#isBare = true;
    this.#changes.clear();
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

  /** Throws {@link SessionError} where nothing can be written. */
  assertOpen(key: string, name: string): void {
    if (this.#isReadonly) {
      throw new SessionError(
        "session-readonly",
        key,
        `${name} cannot be written by an action that is declared ephemeral or concurrent; ` +
          "take it off that list, or keep the value elsewhere",
      );
    }
    if (!this.#isClosed) return;
    const advice = "await everything that writes before the action or the page returns";
    throw new SessionError("session-closed", key, `Writing ${name} came after its turn ended; ${advice}`);
  }
}

/** How the keys of the runtime's own values begin. */
export const RESERVED = "reflex.";

/** Throws {@link SessionError} for what is no key of the application's. */
export function assertKey(key: unknown): asserts key is string {
  const max = LIMITS.sessionKeyChars;
  if (typeof key === "string" && key !== "" && key.length <= max && !key.startsWith(RESERVED)) return;
  const length = typeof key === "string" && key.length > max ? ` has ${key.length}; it` : "";
  throw new SessionError(
    "session-key",
    String(key),
    `The key ${shown(key)}${length} must be text of 1 to ${max} characters that does not begin with ${shown(RESERVED)}`,
  );
}

/**
 * A copy of a value that can be stored.
 *
 * Throws {@link SessionError} for a value over its limit, and one that cannot be copied.
 */
export function copyOf(key: string, value: unknown, name: string): unknown {
  const copy = cloneOf(key, value, name);
  const chars = roughSize(copy);
  if (chars <= LIMITS.sessionValueChars) return copy;
  const limit = `at most ${LIMITS.sessionValueChars} characters as JSON; keep large values in a database`;
  throw new SessionError("session-value", key, `${name} would take ${chars}; expected ${limit}`);
}

function cloneOf(key: string, value: unknown, name: string): unknown {
  try {
    return structuredClone(value);
  } catch (cause) {
    const message = `${name} cannot be stored; expected a value that structuredClone can copy`;
    throw new SessionError("session-value", key, message, { cause });
  }
}
