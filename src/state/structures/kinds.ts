import type { Cell } from "./cell.ts";
import { Choice, type ChoiceOptions } from "./choice.ts";
import { Counter, type CounterOptions } from "./counter.ts";
import { Cycle, type CycleOptions } from "./cycle.ts";
import { Decimal } from "./decimal.ts";
import { Flag } from "./flag.ts";
import { Hash } from "./hash.ts";
import { Limiter, type LimiterOptions } from "./limiter.ts";
import { List } from "./list.ts";
import { MemberSet } from "./member-set.ts";
import { OrderedSet } from "./ordered-set.ts";
import { BOOLEAN, DATETIME, INTEGER, jsonCodec, Scalar, TEXT } from "./scalar.ts";
import { SlotCount, type SlotsOptions } from "./slot-count.ts";
import { UniqueList } from "./unique-list.ts";

/** One kind of structures, for those who know it by its name only. */
export interface Kind {
  /** What its structures are made from; its methods and accessors are what may be asked of them. */
  readonly type: { readonly prototype: object };
  /** @param options of this kind */
  make(cell: Cell, options: never): { readonly value: unknown };
}

/** Every kind by its name. Names travel between objects of different versions: none changes its meaning. */
export const KINDS = {
  string: { type: Scalar, make: (cell, options: object) => new Scalar(cell, TEXT, options) },
  integer: { type: Scalar, make: (cell, options: object) => new Scalar(cell, INTEGER, options) },
  decimal: { type: Decimal, make: (cell, options: object) => new Decimal(cell, options) },
  boolean: { type: Scalar, make: (cell, options: object) => new Scalar(cell, BOOLEAN, options) },
  json: { type: Scalar, make: (cell, options: object) => new Scalar(cell, jsonCodec(), options) },
  datetime: { type: Scalar, make: (cell, options: object) => new Scalar(cell, DATETIME, options) },
  counter: { type: Counter, make: (cell, options: CounterOptions) => new Counter(cell, options) },
  flag: { type: Flag, make: (cell, options: object) => new Flag(cell, options) },
  enum: { type: Choice, make: (cell, options: ChoiceOptions<string>) => new Choice(cell, options) },
  list: { type: List, make: (cell, options: object) => new List(cell, options) },
  uniqueList: { type: UniqueList, make: (cell, options: object) => new UniqueList(cell, options) },
  orderedSet: { type: OrderedSet, make: (cell, options: object) => new OrderedSet(cell, options) },
  set: { type: MemberSet, make: (cell, options: object) => new MemberSet(cell, options) },
  hash: { type: Hash, make: (cell, options: object) => new Hash(cell, options) },
  slots: { type: SlotCount, make: (cell, options: SlotsOptions) => new SlotCount(cell, options) },
  cycle: { type: Cycle, make: (cell, options: CycleOptions<string>) => new Cycle(cell, options) },
  limiter: { type: Limiter, make: (cell, options: LimiterOptions) => new Limiter(cell, options) },
} as const satisfies Record<string, Kind>;

/** The name of a kind. */
export type KindName = keyof typeof KINDS;

/** The kind of that name, if there is one. */
export function findKind(name: string): Kind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name as KindName] : undefined;
}

/** What may be asked of the structures of a kind: names of methods, and of what is read. */
export function membersOf({ type }: Kind): ReadonlyMap<string, "method" | "read"> {
  const members = new Map<string, "method" | "read">();
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(type.prototype)))
    if (name !== "constructor") members.set(name, member.get === undefined ? "method" : "read");
  return members;
}
