import fc from "fast-check";
import {
  CounterModel,
  CycleModel,
  DecimalModel,
  EnumModel,
  FlagModel,
  HashModel,
  LimiterModel,
  ListModel,
  type Model,
  OrderedSetModel,
  ScalarModel,
  SetModel,
  SlotsModel,
  UniqueListModel,
} from "./structure-models.ts";

/** One thing asked of a structure: a method and its arguments, or what is read. JSON. */
export type Step = readonly [member: string, ...args: unknown[]];

/** A kind of structures, what is asked of it, and the model that it should agree with. */
export interface Law {
  /** The method of `Structures` that declares it. */
  readonly kind: string;
  readonly options: object;
  readonly steps: fc.Arbitrary<Step>;
  readonly model: () => Model;
  /** True for the one whose arguments are dates, given as milliseconds. */
  readonly hasDates?: boolean;
}

const word = fc.constantFrom("a", "b", "c", "d", "__proto__");
const item = fc.oneof(word, fc.constantFrom(1, true, null, { x: ["deep"] }, "ü\ud800"));
// JSON has no negative zero.
const json = fc.jsonValue({ maxDepth: 3 }).map((value): unknown => JSON.parse(JSON.stringify(value)));
const whole = fc.integer({ min: -100, max: 100 });
const amount = fc.integer({ min: -99_999, max: 99_999 }).map((hundredths) => (hundredths / 100).toFixed(2));
const small = fc.integer({ min: -2, max: 2 });
const count = fc.nat({ max: 5 });

/** Steps with arguments by method; what is read is named with no arguments. */
function steps(members: Readonly<Record<string, readonly fc.Arbitrary<unknown>[]>>): fc.Arbitrary<Step> {
  const all = Object.entries(members).map(([member, args]) =>
    fc.tuple(...args).map((given): Step => [member, ...given]),
  );
  return fc.oneof(...all);
}

/** Steps of methods that take any number of what there is. */
function many(members: readonly string[], one: fc.Arbitrary<unknown>): fc.Arbitrary<Step> {
  return fc
    .tuple(fc.constantFrom(...members), fc.array(one, { maxLength: 5 }))
    .map(([member, args]): Step => [member, ...args]);
}

const scalar = (value: fc.Arbitrary<unknown>) => steps({ set: [value], clear: [], assigned: [], value: [] });
const reads = (...names: readonly string[]) => steps(Object.fromEntries(names.map((name) => [name, []])));

/** Every kind. */
export const LAWS: readonly Law[] = [
  {
    kind: "string",
    options: { default: "none" },
    steps: scalar(fc.string({ unit: "binary" })),
    model: () => new ScalarModel("none"),
  },
  { kind: "integer", options: {}, steps: scalar(fc.maxSafeInteger()), model: () => new ScalarModel() },
  {
    kind: "boolean",
    options: { default: true },
    steps: scalar(fc.boolean()),
    model: () => new ScalarModel(true),
  },
  { kind: "json", options: {}, steps: scalar(json), model: () => new ScalarModel() },
  {
    kind: "datetime",
    options: {},
    steps: scalar(fc.integer({ min: -8.64e15, max: 8.64e15 })),
    model: () => new ScalarModel(),
    hasDates: true,
  },
  {
    kind: "decimal",
    options: { default: "2.50" },
    steps: fc.oneof(scalar(amount), steps({ add: [amount], subtract: [amount] })),
    model: () => new DecimalModel(),
  },
  {
    kind: "counter",
    options: { default: 5 },
    steps: steps({ increment: [whole], decrement: [whole], reset: [] }),
    model: () => new CounterModel(),
  },
  {
    kind: "limiter",
    options: { limit: 3 },
    steps: fc.oneof(steps({ poke: [] }), steps({ poke: [], exceeded: [], reset: [] })),
    model: () => new LimiterModel(),
  },
  {
    kind: "flag",
    options: {},
    steps: steps({ mark: [fc.record({ force: fc.boolean() })], marked: [], remove: [] }),
    model: () => new FlagModel(),
  },
  {
    kind: "enum",
    options: { values: ["small", "large", "huge"], default: "small" },
    steps: steps({
      set: [fc.constantFrom("small", "large", "huge")],
      is: [fc.constantFrom("small", "large")],
      reset: [],
    }),
    model: () => new EnumModel(),
  },
  {
    kind: "cycle",
    options: { values: ["one", "two", "three"] },
    steps: fc.oneof(steps({ next: [] }), steps({ next: [], reset: [] })),
    model: () => new CycleModel(),
  },
  {
    kind: "list",
    options: { limit: 4 },
    steps: fc.oneof(
      many(["append", "prepend", "remove"], item),
      steps({ last: [count], size: [], clear: [] }),
    ),
    model: () => new ListModel(),
  },
  {
    kind: "uniqueList",
    options: { limit: 3 },
    steps: fc.oneof(
      many(["append", "prepend", "remove"], item),
      steps({ include: [item], size: [], clear: [] }),
    ),
    model: () => new UniqueListModel(),
  },
  {
    kind: "set",
    options: {},
    steps: fc.oneof(
      many(["add", "remove", "replace"], item),
      steps({ include: [item], size: [], take: [], clear: [] }),
    ),
    model: () => new SetModel(),
  },
  {
    kind: "orderedSet",
    options: { limit: 3 },
    steps: fc.oneof(
      many(["append", "prepend", "remove"], word),
      steps({ add: [word, small], increment: [word, small] }),
      steps({ include: [word], score: [word], rank: [word], top: [count], scores: [], size: [], clear: [] }),
    ),
    model: () => new OrderedSetModel(),
  },
  {
    kind: "hash",
    options: {},
    steps: fc.oneof(
      steps({ set: [word, json], update: [fc.dictionary(word, item)], get: [word] }),
      many(["delete"], word),
      reads("entries", "keys", "values", "size", "clear"),
    ),
    model: () => new HashModel(),
  },
  {
    kind: "slots",
    options: { available: 2 },
    steps: fc.oneof(steps({ reserve: [] }), steps({ reserve: [], release: [], available: [], reset: [] })),
    model: () => new SlotsModel(),
  },
];

/** Declares the structure of a law, whether `structures` are a session's or a key's. */
export function declare(structures: object, { kind, options }: Law, name: string, more: object = {}): object {
  const declaring: unknown = Reflect.get(structures, kind);
  if (typeof declaring !== "function") throw new Error(`There is no ${kind}`);
  // Whatever declares structures gives objects.
  return declaring.call(structures, name, { ...options, ...more }) as object;
}

/** Does one step, and gives what comes of it: of a structure of a key, a promise. */
export function take({ hasDates = false }: Law, structure: object, [member, ...args]: Step): unknown {
  const found: unknown = Reflect.get(structure, member);
  if (typeof found !== "function") return found;
  return found.apply(structure, hasDates ? args.map((ms) => new Date(Number(ms))) : args);
}
