import { LIMITS } from "../protocol/limits.ts";
import { UPLOAD_REFUSALS, type UploadRefusalCode } from "../protocol/refusals.ts";

/** What a browser says of a file before it sends any of it. Every word is the browser's claim. */
export interface UploadRequest {
  /** The reflex that is to be called with the file: `Class#action`. */
  readonly target: string;
  /** The name of the input. */
  readonly field: string;
  /** The file's own name. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The file's type, as the browser knows it; empty when it does not. */
  readonly type: string;
  /** Tells the file from others of the same name and size, so that it is found again. */
  readonly fingerprint: string;
  /** How many files the field has. */
  readonly count: number;
  /** Uploads that the page has called with already: each call gets one of its own. */
  readonly except: readonly string[];
}

/** How far an upload is. */
export interface UploadProgress {
  readonly kind: "progress";
  /** Names the upload: what the call says in place of the file. */
  readonly ticket: string;
  /** How many bytes a part has; the last one has the rest. */
  readonly partBytes: number;
  /** The numbers of the parts that are there, from 1. */
  readonly parts: readonly number[];
  /** True when a call can be made with it. */
  readonly isDone: boolean;
}

/** An upload, or a part of one, that was not taken. */
export interface UploadRefused {
  readonly kind: "refused";
  readonly code: UploadRefusalCode;
  /** What was expected, when there is more to say than the code's own sentence. */
  readonly message?: string;
}

/** Where a part belongs. */
export interface UploadPlace {
  readonly kind: "place";
  /** Of the object in the bucket. */
  readonly key: string;
  /** R2's name of the multipart upload; absent for a file that is put at once. */
  readonly multipart?: string | undefined;
  /** How many bytes the part has to have. */
  readonly bytes: number;
  readonly name: string;
  readonly type: string;
}

/** What the session object answers to the Worker, and the Worker to the browser. */
export type UploadAnswer = UploadProgress | UploadRefused;

/** A refusal with a code's own sentence, or another one. */
export function refusedUpload(code: UploadRefusalCode, message?: string): UploadRefused {
  return message === undefined ? { kind: "refused", code } : { kind: "refused", code, message };
}

/** The answer over HTTP: JSON that no cache keeps. */
export function uploadResponse(answer: UploadAnswer): Response {
  const headers = { "Cache-Control": "no-store" };
  if (answer.kind === "refused") {
    const { status, message } = UPLOAD_REFUSALS[answer.code];
    return Response.json({ code: answer.code, message: answer.message ?? message }, { status, headers });
  }
  const { ticket, partBytes, parts, isDone } = answer;
  return Response.json({ ticket, partBytes, parts, isDone }, { headers });
}

/** Reads what a browser says of a file. Never throws. */
export function readUploadRequest(text: string): UploadRequest | UploadRefused {
  if (text.length > LIMITS.uploadRequestChars)
    return refusedUpload(
      "upload-malformed",
      `It is said in at most ${LIMITS.uploadRequestChars} characters.`,
    );
  const said = parse(text);
  if (typeof said !== "object" || said === null) return refusedUpload("upload-malformed");
  const { target, field, name, size, type, fingerprint, count, except }: Record<string, unknown> = {
    ...said,
  };
  const { targetChars, uploadNameChars, uploadTypeChars, uploadFingerprintChars, uploads } = LIMITS;
  const hasText =
    isText(target, targetChars) &&
    isText(field, uploadNameChars) &&
    isText(name, uploadNameChars) &&
    isText(type, uploadTypeChars) &&
    isText(fingerprint, uploadFingerprintChars);
  if (!hasText)
    return refusedUpload(
      "upload-malformed",
      `The names of a field and a file have at most ${uploadNameChars} characters.`,
    );
  // So File API has it (4.1); what it says ends up in headers.
  if (!/^[\x20-\x7e]*$/.test(type))
    return refusedUpload("upload-malformed", "The type of a file is printable ASCII.");
  if (!isCount(size, Number.MAX_SAFE_INTEGER) || !isCount(count, Number.MAX_SAFE_INTEGER))
    return refusedUpload("upload-malformed", "The size and the number of files are whole numbers.");
  if (!Array.isArray(except) || except.length > uploads || !except.every((ticket) => isText(ticket, 64)))
    return refusedUpload("upload-malformed", `At most ${uploads} uploads are left out.`);
  return { target, field, name, size, type, fingerprint, count, except };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said to the browser as what it is: malformed.
    return undefined;
  }
}

function isText(value: unknown, chars: number): value is string {
  return typeof value === "string" && value.length <= chars;
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;
}
