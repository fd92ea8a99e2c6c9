import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { StructureError } from "./structure-error.ts";

/** The name of a structure itself. Throws {@link StructureError} for what cannot be one. */
export function checkedName(name: unknown): string {
  return checked(name, "name of a structure", LIMITS.structureNameChars);
}

/** The key that structures are bound to itself. Throws {@link StructureError} for what cannot be one. */
export function checkedKey(key: unknown): string {
  return checked(key, "key of structures", LIMITS.structureKeyChars);
}

function checked(text: unknown, what: string, max: number): string {
  // Half a surrogate pair is stored as something else, which two of them would share.
  const isText = typeof text === "string" && !/\p{Surrogate}/u.test(text);
  if (isText && text !== "" && text.length <= max) return text;
  const length = typeof text === "string" && text.length > max ? ` has ${text.length} characters; it` : "";
  const message = `The ${what} ${shown(text)}${length} must be text of 1 to ${max} characters`;
  throw new StructureError("structure-name", shown(text), message);
}
