import { shown } from "../shown.ts";
import type { Cell } from "./cell.ts";
import { findKind, membersOf } from "./kinds.ts";
import { StructureError, type StructureErrorCode } from "./structure-error.ts";

/** What is asked of a structure that is somewhere else. */
export interface StructureCall {
  readonly kind: string;
  readonly name: string;
  /** What it is declared with, but for functions. */
  readonly options: object;
  /** The method to be called, or what is to be read. */
  readonly member: string;
  readonly args: readonly unknown[];
  /** True when its new value is to be told after a change. */
  readonly isWatched: boolean;
}

/** What came of it. */
export type StructureReply =
  | { readonly kind: "done"; readonly result: unknown; readonly change?: { readonly value: unknown } }
  | {
      readonly kind: "refused";
      readonly code: StructureErrorCode;
      readonly name: string;
      readonly message: string;
    };

/** Where structures are that are bound to one key. Rejects when that cannot be reached. */
export interface StructuresPort {
  /** Does it at once, and whole or not at all. */
  ask(call: StructureCall): Promise<StructureReply>;
  /** Removes all of them. */
  clear(): Promise<void>;
}

/**
 * Does what is asked, with one read or write of the cell. Errors of classes that would not survive the way back are a reply; others
 * are thrown.
 */
export function answer(call: StructureCall, cell: Cell): StructureReply {
  try {
    return answerOrThrow(call, cell);
  } catch (error) {
    if (!(error instanceof StructureError)) throw error;
    return { kind: "refused", code: error.code, name: error.structure, message: error.message };
  }
}

function answerOrThrow(call: StructureCall, cell: Cell): StructureReply {
  const kind = findKind(call.kind);
  const member = kind && membersOf(kind).get(call.member);
  if (kind === undefined || member === undefined) throw unknownMember(call);
  let isChanged = false;
  const structure = kind.make(
    {
      name: cell.name,
      read: () => cell.read(),
      write(stored) {
        cell.write(stored);
        isChanged = true;
      },
      now: () => cell.now(),
    },
    // Declared by a caller whose types are those of the kind; whatever else comes, the structure checks.
    call.options as never,
  );
  const found: unknown = Reflect.get(structure, call.member);
  const result: unknown = typeof found === "function" ? found.apply(structure, call.args) : found;
  if (!isChanged || !call.isWatched) return { kind: "done", result };
  return { kind: "done", result, change: { value: structure.value } };
}

function unknownMember({ kind, name, member }: StructureCall): StructureError {
  const message =
    `Structure ${shown(name)} was asked for ${shown(member)} of a ${shown(kind)}, which its object does not know; ` +
    "the object may run an older version of the code than its caller";
  return new StructureError("structure-kind", name, message);
}
