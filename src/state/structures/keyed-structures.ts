import type { StructureOptions } from "./cell.ts";
import type { Choice, ChoiceOptions } from "./choice.ts";
import type { Counter, CounterOptions } from "./counter.ts";
import type { Cycle, CycleOptions } from "./cycle.ts";
import type { Decimal } from "./decimal.ts";
import type { Flag } from "./flag.ts";
import type { Hash, HashOptions } from "./hash.ts";
import type { ItemsOptions, LimitedOptions } from "./items.ts";
import type { KindName } from "./kinds.ts";
import type { Limiter, LimiterOptions } from "./limiter.ts";
import type { List } from "./list.ts";
import type { MemberSet } from "./member-set.ts";
import type { OrderedSet } from "./ordered-set.ts";
import { type Remote, type RemoteOptions, remote } from "./remote.ts";
import { RemoteSlots } from "./remote-slots.ts";
import type { JsonOptions, Scalar, ScalarOptions } from "./scalar.ts";
import type { SlotCount, SlotsOptions } from "./slot-count.ts";
import type { StructuresPort } from "./structure-call.ts";
import { checkedName } from "./structure-name.ts";
import type { UniqueList } from "./unique-list.ts";

/**
 * The typed structures of one key, by their names: those of {@link Structures}, with promises for what they give. Each call of a
 * method, and each read of a value, is one request to the object of the key, and is done there whole or not at all.
 *
 * Every method here declares the structure of that name anew, which costs nothing. Promises reject with `StructureError` for
 * values that cannot be, and with what the platform says when the object cannot be reached: then it is not known whether it was done.
 *
 * @example
 * const visits = this.structures.for("page:home").counter("visits");
 * await visits.increment();
 */
export class KeyedStructures {
  readonly #port: StructuresPort;

  constructor(port: StructuresPort) {
    this.#port = port;
  }

  /** Removes every structure of this key. */
  async clear(): Promise<void> {
    await this.#port.clear();
  }

  /** Text. */
  string<Default extends string | undefined = undefined>(
    name: string,
    options: ScalarOptions<string, Default> = {},
  ): Remote<Scalar<string, Default>> {
    return this.#remote("string", name, options);
  }

  /** A whole number that is set; for one that is counted, {@link counter}. */
  integer<Default extends number | undefined = undefined>(
    name: string,
    options: ScalarOptions<number, Default> = {},
  ): Remote<Scalar<number, Default>> {
    return this.#remote("integer", name, options);
  }

  /** An exact decimal number, as text: money, say. */
  decimal<Default extends string | undefined = undefined>(
    name: string,
    options: ScalarOptions<string, Default> = {},
  ): Remote<Decimal<Default>> {
    return this.#remote("decimal", name, options);
  }

  /** True or false. */
  boolean<Default extends boolean | undefined = undefined>(
    name: string,
    options: ScalarOptions<boolean, Default> = {},
  ): Remote<Scalar<boolean, Default>> {
    return this.#remote("boolean", name, options);
  }

  /** Whatever JSON can write. `Value` is the application's promise to itself. */
  json<Value>(name: string, options: JsonOptions<Value>): Remote<Scalar<Value, Value>>;
  json<Value>(name: string, options?: ScalarOptions<Value, undefined>): Remote<Scalar<Value, undefined>>;
  json<Value>(
    name: string,
    options: JsonOptions<Value> | ScalarOptions<Value, undefined> = {},
  ): Remote<Scalar<Value, Value>> | Remote<Scalar<Value, undefined>> {
    return this.#remote("json", name, options);
  }

  /** A point in time, to the millisecond. */
  datetime<Default extends Date | undefined = undefined>(
    name: string,
    options: ScalarOptions<Date, Default> = {},
  ): Remote<Scalar<Date, Default>> {
    return this.#remote("datetime", name, options);
  }

  /** A whole number that is counted up and down. */
  counter(name: string, options: CounterOptions = {}): Remote<Counter> {
    return this.#remote("counter", name, options);
  }

  /** Something that is so, or not; for a time, when it is said how long. */
  flag(name: string, options: StructureOptions<boolean> = {}): Remote<Flag> {
    return this.#remote("flag", name, options);
  }

  /** One of a few words. */
  enum<const Value extends string>(name: string, options: ChoiceOptions<Value>): Remote<Choice<Value>> {
    return this.#remote("enum", name, options);
  }

  /** Items in an order. */
  list<Item = string>(name: string, options: LimitedOptions<Item> = {}): Remote<List<Item>> {
    return this.#remote("list", name, options);
  }

  /** Items in an order, each once. */
  uniqueList<Item = string>(name: string, options: LimitedOptions<Item> = {}): Remote<UniqueList<Item>> {
    return this.#remote("uniqueList", name, options);
  }

  /** Items by their scores, each once. */
  orderedSet<Item = string>(name: string, options: LimitedOptions<Item> = {}): Remote<OrderedSet<Item>> {
    return this.#remote("orderedSet", name, options);
  }

  /** Members, each once. */
  set<Member = string>(name: string, options: ItemsOptions<Member> = {}): Remote<MemberSet<Member>> {
    return this.#remote("set", name, options);
  }

  /** Values by keys that are text. */
  hash<Value = string>(name: string, options: HashOptions<Value> = {}): Remote<Hash<Value>> {
    return this.#remote("hash", name, options);
  }

  /** One slot: as {@link slots} with one available. */
  slot(name: string, options: StructureOptions<number> = {}): RemoteSlots {
    return this.slots(name, { ...options, available: 1 });
  }

  /** So many slots, each held by one at a time; `expiresIn` is how long at most. */
  slots(name: string, options: SlotsOptions): RemoteSlots {
    return new RemoteSlots(this.#remote<SlotCount>("slots", name, options), () => crypto.randomUUID());
  }

  /** A few words, one after the other, and from the start again. */
  cycle<const Value extends string>(name: string, options: CycleOptions<Value>): Remote<Cycle<Value>> {
    return this.#remote("cycle", name, options);
  }

  /** So many times from the first on, until `expiresIn` has passed. */
  limiter(name: string, options: LimiterOptions): Remote<Limiter> {
    return this.#remote("limiter", name, options);
  }

  #remote<Structure>(kind: KindName, name: string, options: RemoteOptions): Remote<Structure> {
    return remote(this.#port, kind, checkedName(name), options);
  }
}
