import { type Draft, RESERVED, SessionError } from "../draft.ts";
import { shown } from "../shown.ts";
import type { Cell, Stored, StructureOptions } from "./cell.ts";
import { Choice, type ChoiceOptions } from "./choice.ts";
import { Counter, type CounterOptions } from "./counter.ts";
import { Cycle, type CycleOptions } from "./cycle.ts";
import { Decimal } from "./decimal.ts";
import { Flag } from "./flag.ts";
import { Hash, type HashOptions } from "./hash.ts";
import type { ItemsOptions, LimitedOptions } from "./items.ts";
import { KeyedStructures } from "./keyed-structures.ts";
import { Limiter, type LimiterOptions } from "./limiter.ts";
import { List } from "./list.ts";
import { MemberSet } from "./member-set.ts";
import { OrderedSet } from "./ordered-set.ts";
import {
  BOOLEAN,
  DATETIME,
  INTEGER,
  type JsonOptions,
  jsonCodec,
  Scalar,
  type ScalarOptions,
  TEXT,
} from "./scalar.ts";
import { SlotCount, type SlotsOptions } from "./slot-count.ts";
import { Slots } from "./slots.ts";
import type { StructuresPort } from "./structure-call.ts";
import { StructureError } from "./structure-error.ts";
import { checkedKey, checkedName } from "./structure-name.ts";
import { UniqueList } from "./unique-list.ts";

/** How the keys of structures begin in a draft, before their names. */
const STRUCTURE_KEY = `${RESERVED}structure.`;

/** What structures need of a turn. */
export interface StructuresOptions {
  readonly draft: Draft;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Where the structures of a key are. */
  readonly at: (key: string) => StructuresPort;
}

/**
 * Typed structures by their names: what Kredis gives. These ones are the session's: read and written at once, and committed
 * with everything else that the turn writes, or not at all. Those of {@link for} are bound to a key.
 *
 * Every method declares the structure of that name anew, which costs nothing, and throws `StructureError` for a name that cannot be one
 * and for options that cannot be. Their methods throw it for values that cannot be, and `SessionError` where the session
 * cannot be written.
 *
 * @example
 * const clicks = this.structures.counter("clicks", { expiresIn: 60_000 });
 * clicks.increment();
 */
export class Structures {
  readonly #options: StructuresOptions;

  constructor(options: StructuresOptions) {
    this.#options = options;
  }

  /**
   * The structures of a key, in an object of their own that all sessions share. What is done to them is done at once, and is
   * not undone when the turn fails: as with a database.
   *
   * Throws `StructureError` for a key that cannot be one.
   */
  for(key: string): KeyedStructures {
    return new KeyedStructures(this.#options.at(checkedKey(key)));
  }

  /** Text. */
  string<Default extends string | undefined = undefined>(
    name: string,
    options: ScalarOptions<string, Default> = {},
  ): Scalar<string, Default> {
    return this.#bind(name, options, (cell) => new Scalar(cell, TEXT, options));
  }

  /** A whole number that is set; for one that is counted, {@link counter}. */
  integer<Default extends number | undefined = undefined>(
    name: string,
    options: ScalarOptions<number, Default> = {},
  ): Scalar<number, Default> {
    return this.#bind(name, options, (cell) => new Scalar(cell, INTEGER, options));
  }

  /** An exact decimal number, as text: money, say. */
  decimal<Default extends string | undefined = undefined>(
    name: string,
    options: ScalarOptions<string, Default> = {},
  ): Decimal<Default> {
    return this.#bind(name, options, (cell) => new Decimal<Default>(cell, options));
  }

  /** True or false. */
  boolean<Default extends boolean | undefined = undefined>(
    name: string,
    options: ScalarOptions<boolean, Default> = {},
  ): Scalar<boolean, Default> {
    return this.#bind(name, options, (cell) => new Scalar(cell, BOOLEAN, options));
  }

  /** Whatever JSON can write. `Value` is the application's promise to itself. */
  json<Value>(name: string, options: JsonOptions<Value>): Scalar<Value, Value>;
  json<Value>(name: string, options?: ScalarOptions<Value, undefined>): Scalar<Value, undefined>;
  json<Value>(
    name: string,
    options: JsonOptions<Value> | ScalarOptions<Value, undefined> = {},
  ): Scalar<Value, Value> | Scalar<Value, undefined> {
    // Told apart by the types alone: both are made alike.
    const declared = options as JsonOptions<Value>;
    return this.#bind(name, declared, (cell) => new Scalar<Value, Value>(cell, jsonCodec(), declared));
  }

  /** A point in time, to the millisecond. */
  datetime<Default extends Date | undefined = undefined>(
    name: string,
    options: ScalarOptions<Date, Default> = {},
  ): Scalar<Date, Default> {
    return this.#bind(name, options, (cell) => new Scalar(cell, DATETIME, options));
  }

  /** A whole number that is counted up and down. */
  counter(name: string, options: CounterOptions = {}): Counter {
    return this.#bind(name, options, (cell) => new Counter(cell, options));
  }

  /** Something that is so, or not; for a time, when it is said how long. */
  flag(name: string, options: StructureOptions<boolean> = {}): Flag {
    return this.#bind(name, options, (cell) => new Flag(cell, options));
  }

  /** One of a few words. */
  enum<const Value extends string>(name: string, options: ChoiceOptions<Value>): Choice<Value> {
    return this.#bind(name, options, (cell) => new Choice<Value>(cell, options));
  }

  /** Items in an order. */
  list<Item = string>(name: string, options: LimitedOptions<Item> = {}): List<Item> {
    return this.#bind(name, options, (cell) => new List<Item>(cell, options));
  }

  /** Items in an order, each once. */
  uniqueList<Item = string>(name: string, options: LimitedOptions<Item> = {}): UniqueList<Item> {
    return this.#bind(name, options, (cell) => new UniqueList<Item>(cell, options));
  }

  /** Items by their scores, each once. */
  orderedSet<Item = string>(name: string, options: LimitedOptions<Item> = {}): OrderedSet<Item> {
    return this.#bind(name, options, (cell) => new OrderedSet<Item>(cell, options));
  }

  /** Members, each once. */
  set<Member = string>(name: string, options: ItemsOptions<Member> = {}): MemberSet<Member> {
    return this.#bind(name, options, (cell) => new MemberSet<Member>(cell, options));
  }

  /** Values by keys that are text. */
  hash<Value = string>(name: string, options: HashOptions<Value> = {}): Hash<Value> {
    return this.#bind(name, options, (cell) => new Hash<Value>(cell, options));
  }

  /** One slot: as {@link slots} with one available. */
  slot(name: string, options: StructureOptions<number> = {}): Slots {
    return this.slots(name, { ...options, available: 1 });
  }

  /** So many slots, each held by one at a time; `expiresIn` is how long at most. */
  slots(name: string, options: SlotsOptions): Slots {
    const count = this.#bind(name, options, (cell) => new SlotCount(cell, options));
    return new Slots(count, () => crypto.randomUUID());
  }

  /** A few words, one after the other, and from the start again. */
  cycle<const Value extends string>(name: string, options: CycleOptions<Value>): Cycle<Value> {
    return this.#bind(name, options, (cell) => new Cycle<Value>(cell, options));
  }

  /** So many times from the first on, until `expiresIn` has passed. */
  limiter(name: string, options: LimiterOptions): Limiter {
    return this.#bind(name, options, (cell) => new Limiter(cell, options));
  }

  #bind<Value, Structure extends { readonly value: Value }>(
    name: string,
    { onChange }: StructureOptions<Value>,
    make: (cell: Cell) => Structure,
  ): Structure {
    const { draft, now } = this.#options;
    const key = STRUCTURE_KEY + checkedName(name);
    const structure: Structure = make({
      name,
      // Under such a key there is what was written here.
      read: () => draft.read(key) as Stored | undefined,
      write(stored) {
        write(draft, key, name, stored);
        onChange?.(structure.value);
      },
      now,
    });
    return structure;
  }
}

function write(draft: Draft, key: string, name: string, stored: Stored | undefined): void {
  try {
    draft.write(key, stored, `Structure ${shown(name)}`);
  } catch (cause) {
    if (!(cause instanceof SessionError) || cause.code !== "session-value") throw cause;
    throw new StructureError("structure-full", name, cause.message, { cause });
  }
}
