import { LIMITS } from "../protocol/limits.ts";
import { refusedUpload, type UploadRefused, type UploadRequest } from "./upload-messages.ts";

/** What a reflex class takes as files in one field of a form. */
export interface UploadRule {
  /** Largest file, in bytes, inclusive: up to 10,000,000,000. */
  readonly maxBytes: number;
  /** Types as the `accept` attribute writes them: `image/*`, `image/png`, `.pdf`; absent: any. The type is the browser's claim. */
  readonly types?: readonly string[];
  /** Most files of one call; absent: 1. */
  readonly max?: number;
}

/** Rules by the names of fields. */
export type UploadRules = Readonly<Record<string, UploadRule>>;

/** How `types` may name a type. */
const TYPE = /^(?:\.[\w.-]+|[\w.+-]+\/(?:\*|[\w.+-]+))$/;

/**
 * Checks what a class declares.
 *
 * Throws a `TypeError` for a rule that cannot work, saying which and why.
 *
 * @param reflex the name of the class, for errors
 */
export function assertUploadRules(reflex: string, rules: UploadRules = {}): void {
  for (const [field, { maxBytes, types = [], max = 1 }] of Object.entries(rules)) {
    const where = `The reflex ${reflex} takes uploads in ${JSON.stringify(field)} with`;
    const { uploadBytes, uploads, uploadNameChars } = LIMITS;
    if (field === "" || field.length > uploadNameChars)
      throw new TypeError(`${where} a name of ${field.length} characters; expected 1 to ${uploadNameChars}`);
    if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > uploadBytes)
      throw new TypeError(
        `${where} maxBytes: ${maxBytes}; expected a whole number of bytes from 1 to ${uploadBytes}`,
      );
    if (!Number.isInteger(max) || max < 1 || max > uploads)
      throw new TypeError(`${where} max: ${max}; expected a whole number from 1 to ${uploads}`);
    const odd = types.find((type) => !TYPE.test(type));
    if (odd !== undefined)
      throw new TypeError(
        `${where} the type ${JSON.stringify(odd)}; expected one like "image/*", "image/png" or ".png"`,
      );
  }
}

/** Why a rule does not allow a file; `undefined` when it does. */
export function whyNotUpload(
  { maxBytes, types, max = 1 }: UploadRule,
  { size, type, name, count }: Pick<UploadRequest, "size" | "type" | "name" | "count">,
): UploadRefused | undefined {
  if (size > maxBytes)
    return refusedUpload(
      "upload-too-large",
      `The file has ${size} bytes; the field takes at most ${maxBytes}.`,
    );
  if (types !== undefined && !types.some((wanted) => isOfType(wanted, type, name)))
    return refusedUpload("upload-type", `The file is no ${types.join(" or ")}.`);
  if (count > max)
    return refusedUpload("upload-too-many", `There are ${count} files; the field takes at most ${max}.`);
  return undefined;
}

/** As browsers read `accept` (WHATWG HTML, 4.10.5.1.17): by type, by kind of type, or by the end of the name. */
function isOfType(wanted: string, type: string, name: string): boolean {
  const [want, has] = [wanted.toLowerCase(), type.toLowerCase()];
  if (want.startsWith(".")) return name.toLowerCase().endsWith(want);
  return want.endsWith("/*") ? has.startsWith(want.slice(0, -1)) : has === want;
}
