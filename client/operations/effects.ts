import type { OperationName } from "../../src/protocol/operations.ts";
import { DOCUMENT_EFFECTS, WINDOW_EFFECTS } from "./browser-effects.ts";
import { dispatch, type Effect, textOf } from "./live-operation.ts";
import { ELEMENT_EFFECTS, MUTATIONS } from "./mutations.ts";
import { registry } from "./registry.ts";

/** What an operation acts on: what its selector names, only that, or without regard to a selector the document or the window. */
export type Reach = "any" | "element" | "document" | "window";

/** An operation by what it does. */
export interface KnownOperation {
  readonly effect: Effect;
  readonly reach: Reach;
  /** True for one that may take the focus away, and gives it back. */
  readonly isMutation: boolean;
}

const EVENT_EFFECTS = {
  dispatchEvent: (operation, target) => dispatch(target, textOf(operation, "name"), operation.detail ?? {}),
} satisfies Readonly<Record<string, Effect>>;

const TABLES = [
  [MUTATIONS, "element"],
  [ELEMENT_EFFECTS, "element"],
  [DOCUMENT_EFFECTS, "document"],
  [WINDOW_EFFECTS, "window"],
  [EVENT_EFFECTS, "any"],
] as const;

/** No operation of the protocol is missing here, and none is here that it does not know. */
type Missing = Exclude<OperationName, keyof UnionToBoth<(typeof TABLES)[number][0]>>;
const ALL: [Missing] extends [never] ? true : Missing = true;

type UnionToBoth<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  both: infer Both,
) => void
  ? Both
  : never;

/** What the page knows under a name: one of the application's own first. */
export function findOperation(name: string): KnownOperation | undefined {
  const own = registry().custom.get(name);
  if (own !== undefined) return { effect: own, reach: "any", isMutation: false };
  const found = ALL && TABLES.find(([table]) => Object.hasOwn(table, name));
  if (!found) return undefined;
  const [table, reach] = found;
  // Its table is for targets of this reach.
  return { effect: Reflect.get(table, name) as Effect, reach, isMutation: table === MUTATIONS };
}
