import { JsonProblem, toJson } from "./json.ts";
import { KINDS, type KindName, membersOf } from "./kinds.ts";
import type { StructuresPort } from "./structure-call.ts";
import { StructureError } from "./structure-error.ts";

/** A structure that is somewhere else: the same methods, and the same values to be read, as promises. */
export type Remote<Structure> = {
  readonly [Name in keyof Structure]: Structure[Name] extends (
    ...args: infer Args extends readonly unknown[]
  ) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : Promise<Structure[Name]>;
};

/** What it is declared with, and who wants to know when it changes. */
export interface RemoteOptions {
  readonly onChange?: (value: never) => unknown;
}

/**
 * The structure of that name and kind behind a port. What is asked of it is tried on an empty one here before it is sent, so that
 * what is refused whatever there is costs no request.
 *
 * Throws {@link StructureError} for options that its kind refuses.
 *
 * @typeParam Structure the class of that kind
 */
export function remote<Structure>(
  port: StructuresPort,
  kind: KindName,
  name: string,
  { onChange, ...options }: RemoteOptions,
): Remote<Structure> {
  const nowhere = { name, read: () => undefined, write: () => {}, now: () => 0 };
  // Typed by the method of KeyedStructures that came here.
  const initial = KINDS[kind].make(nowhere, options as never);
  // What a default has no room for, the state that there is may have.
  const empty =
    kind === "enum" ? initial : KINDS[kind].make(nowhere, { ...options, default: undefined } as never);
  const sent = Object.fromEntries(
    Object.entries(options).map(([option, value]) => [option, sendable(value)]),
  );
  const ask = async (member: string, args: readonly unknown[]) => {
    const tried: unknown = Reflect.get(empty, member);
    if (typeof tried === "function") tried.apply(empty, args);
    const isWatched = onChange !== undefined;
    const call = { kind, name, options: sent, member, args: args.map(sendable), isWatched };
    const reply = await port.ask(call);
    if (reply.kind === "refused") throw new StructureError(reply.code, reply.name, reply.message);
    // The value is that of the kind that `onChange` was written for.
    if (reply.change !== undefined) await onChange?.(reply.change.value as never);
    return reply.result;
  };
  const members = Array.from(membersOf(KINDS[kind]), ([member, how]) => [
    member,
    how === "read" ? { get: () => ask(member, []) } : { value: (...args: unknown[]) => ask(member, args) },
  ]);
  // Has every member that the class has, and no other.
  return Object.defineProperties({}, Object.fromEntries(members)) as Remote<Structure>;
}

/** A copy of what JSON can write: the platform does not send objects without a prototype. Else the value itself. */
function sendable(value: unknown): unknown {
  const json = toJson(value);
  return json instanceof JsonProblem ? value : json;
}
