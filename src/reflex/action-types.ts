import type { Reflex } from "./reflex.ts";
import type { ReflexClass } from "./reflex-class.ts";
import type { ReflexClasses } from "./registry.ts";

/** The names of a class's actions as the compiler knows them: its public methods, less what its static `actions` leaves out. */
export type ActionsOf<Class extends ReflexClass> = MethodsOf<InstanceType<Class>> & ListedOf<Class>;

/** What an action takes. */
export type ArgumentsOf<Class extends ReflexClass, Action> = Action extends keyof InstanceType<Class>
  ? InstanceType<Class>[Action] extends (...args: infer Arguments) => unknown
    ? Arguments
    : never
  : never;

/**
 * What every action of these classes takes, by its target: for the client's types.
 *
 * @example
 * import type { reflexes } from "./reflexes.ts";
 * declare module "edge-reflex/client" {
 *   interface ReflexTypes extends ReflexesOf<typeof reflexes> {}
 * }
 */
export type ReflexesOf<Classes extends ReflexClasses> = {
  readonly [Target in TargetsOf<Classes>]: Target extends `${infer Name}#${infer Action}`
    ? Name extends keyof Classes
      ? ArgumentsOf<Classes[Name], Action>
      : never
    : never;
};

type TargetsOf<Classes extends ReflexClasses> = {
  [Name in keyof Classes & string]: `${Name}#${ActionsOf<Classes[Name]>}`;
}[keyof Classes & string];

type MethodsOf<Instance> = {
  [Name in Exclude<keyof Instance, keyof Reflex | `_${string}`> & string]: Instance[Name] extends (
    ...args: never
  ) => unknown
    ? Name
    : never;
}[Exclude<keyof Instance, keyof Reflex | `_${string}`> & string];

/** A list that was declared without `as const` says nothing to the compiler. */
type ListedOf<Class> = Class extends { readonly actions: readonly (infer Name)[] } ? Name : string;
