import { LIMITS } from "../protocol/limits.ts";
import { RESERVED } from "../state/draft.ts";
import type { UploadProgress, UploadRequest } from "./upload-messages.ts";

/** How the keys begin under which a session stores its uploads; behind it the ticket. */
export const UPLOAD_KEY = `${RESERVED}upload.`;

/** True for the key of an upload. */
export function isUpload(key: string): boolean {
  return key.startsWith(UPLOAD_KEY);
}

/** Parts are of whole mebibytes. */
const MEBIBYTE = 1_048_576;

/** One file on its way from a browser to a reflex, as the session stores it until a reflex takes it. */
export interface UploadRecord {
  /** The name of the class that takes it, and the field. */
  readonly reflex: string;
  readonly field: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly type: string;
  readonly fingerprint: string;
  /** Of the object in the bucket: made by the server, with nothing in it that a browser said. */
  readonly key: string;
  readonly partBytes: number;
  /** R2's name of the multipart upload; absent for a file of one part, which is put. */
  readonly multipart?: string | undefined;
  /** What R2 calls the parts that are there, by their numbers. */
  readonly parts: ReadonlyMap<number, string>;
  /** `open`: parts are missing. `done`: a reflex may take it. `leaving`: it is being removed, and is nobody's any more. */
  readonly state: "open" | "done" | "leaving";
  /** When the latest of it came, in milliseconds since 1970. */
  readonly at: number;
}

/** How many bytes the parts of a file have. */
export function partBytesOf(size: number): number {
  const least = Math.ceil(size / LIMITS.uploadParts / MEBIBYTE) * MEBIBYTE;
  return Math.max(LIMITS.uploadPartBytes, least);
}

/** How many parts an upload has; an empty file has one, too. */
export function partCount({ size, partBytes }: Pick<UploadRecord, "size" | "partBytes">): number {
  return Math.max(1, Math.ceil(size / partBytes));
}

/** How many bytes a part has to have; `undefined` for a number that is none of the upload's. */
export function bytesOfPart(
  record: Pick<UploadRecord, "size" | "partBytes">,
  part: number,
): number | undefined {
  if (!Number.isInteger(part) || part < 1 || part > partCount(record)) return undefined;
  const { size, partBytes } = record;
  return Math.min(partBytes, size - (part - 1) * partBytes);
}

/** True when nothing of the file is missing. */
export function hasAllParts(record: UploadRecord): boolean {
  return record.parts.size === partCount(record);
}

/** True when the same file was meant for the same place. */
export function isSameFile(
  record: UploadRecord,
  reflex: string,
  { field, name, size, type, fingerprint }: UploadRequest,
): boolean {
  return (
    record.reflex === reflex &&
    record.field === field &&
    record.name === name &&
    record.size === size &&
    record.type === type &&
    record.fingerprint === fingerprint
  );
}

/** What its browser is told of it. */
export function progressOf(ticket: string, record: UploadRecord): UploadProgress {
  const { partBytes, parts, state } = record;
  return { kind: "progress", ticket, partBytes, parts: [...parts.keys()], isDone: state === "done" };
}
