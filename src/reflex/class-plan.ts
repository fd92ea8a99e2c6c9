import { shown } from "../state/shown.ts";
import { chainOf } from "./callback-chain.ts";
import type { Callback, Run } from "./callbacks.ts";
import { declaredStatics, declaresMethod } from "./declarations.ts";
import type { ReflexClass } from "./reflex-class.ts";
import type { Rescue } from "./rescues.ts";

/** What a reflex class has run around its actions, and what it makes of their errors: with what it inherits. */
export interface ClassPlan {
  /** In the order in which they run. */
  readonly callbacks: readonly Callback[];
  /** In the order in which they are asked: those of nearer classes first, and of one class the last one first. */
  readonly rescues: readonly Rescue[];
  /** The methods that these name, which are no actions: those of callbacks too that the class skips. */
  readonly named: ReadonlySet<string>;
}

const NOTHING: ClassPlan = { callbacks: [], rescues: [], named: new Set() };

/** Throws a `TypeError` for lists that cannot work, saying which and why. */
export function planOf(name: string, reflexClass: ReflexClass): ClassPlan {
  const lists = listsOf<Callback>(name, reflexClass, "callbacks");
  const rescueLists = listsOf<Rescue>(name, reflexClass, "rescues");
  if (lists.length === 0 && rescueLists.length === 0) return NOTHING;
  const callbacks = lists.flat();
  const rescues = rescueLists.flat();
  assertDeclared(name, reflexClass, callbacks.flatMap(actionsOf), "lists the action");
  const named = [...callbacks.flatMap(runsOf), ...rescues.map(({ run }) => run)].filter(isName);
  assertDeclared(name, reflexClass, named, "names the callback, condition or rescue");
  const both = named.find((method) => reflexClass.actions?.includes(method));
  if (both !== undefined)
    throw new TypeError(`The reflex ${name} lists ${both} as an action and as a callback; it can be one`);
  try {
    return { callbacks: chainOf(lists), rescues: rescues.reverse(), named: new Set(named) };
  } catch (cause) {
    throw new TypeError(`The callbacks of the reflex ${name} cannot work: ${messageOf(cause)}`, { cause });
  }
}

function listsOf<Entry>(
  name: string,
  reflexClass: ReflexClass,
  list: "callbacks" | "rescues",
): readonly (readonly Entry[])[] {
  const made = list === "callbacks" ? "before(), around(), after() and skip()" : "rescueFrom()";
  return declaredStatics(reflexClass, list).map((entries) => {
    const isList = Array.isArray(entries) && entries.every((entry) => isEntry(entry, list));
    // What these functions make is what the types say.
    if (isList) return entries as readonly Entry[];
    throw new TypeError(
      `The ${list} of the reflex ${name} are ${shown(entries)}; expected a list of what ${made} make`,
    );
  });
}

function isEntry(entry: unknown, list: "callbacks" | "rescues"): boolean {
  if (typeof entry !== "object" || entry === null) return false;
  return list === "callbacks" ? "kind" in entry : "errors" in entry && "run" in entry;
}

function assertDeclared(
  name: string,
  reflexClass: ReflexClass,
  methods: readonly string[],
  what: string,
): void {
  const missing = methods.find((method) => !declaresMethod(reflexClass, method));
  if (missing === undefined) return;
  throw new TypeError(
    `The reflex ${name} ${what} ${shown(missing)}, which it does not declare as a method; expected one that it or a class above does`,
  );
}

function actionsOf({ options: { only = [], except = [] } }: Callback): readonly string[] {
  return [...only, ...except];
}

function runsOf({ run, options }: Callback): readonly (Run | undefined)[] {
  return [run, options.if, options.unless];
}

function isName(run: Run | undefined): run is string {
  return typeof run === "string";
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
