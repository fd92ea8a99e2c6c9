import { isRefusal, objectOptions, type UploadCall } from "../../durable-objects/session-uploads.ts";
import { LIMITS } from "../protocol/limits.ts";
import { UPLOAD_PATH } from "../protocol/names.ts";
import {
  refusedUpload,
  type UploadAnswer,
  type UploadPlace,
  uploadResponse,
} from "../uploads/upload-messages.ts";

/** The part of a session object that knows its uploads. */
export interface RemoteUploads {
  startUpload(text: string, call: UploadCall): Promise<UploadAnswer>;
  placeUpload(ticket: string, part: number, call: UploadCall): Promise<UploadPlace | UploadAnswer>;
  placedUpload(ticket: string, part: number, etag: string): Promise<UploadAnswer>;
  cancelUpload(ticket: string, call: UploadCall): Promise<UploadAnswer>;
}

/** Whose upload it is, and where it goes. */
export interface UploadSurroundings {
  readonly session: RemoteUploads;
  /** Of the visitor's cookie. */
  readonly generation: number;
  /** Throws where the Worker has none. */
  readonly bucket: () => R2Bucket;
  readonly log: (problem: Error) => void;
}

/** `/<ticket>` and `/<ticket>/<part>`. */
const PLACE = /^\/([\w-]{1,64})(?:\/(\d{1,5}))?$/;

/** Answers a browser that uploads, once it is known whose it is: JSON in each case. Rejects when the session cannot be asked. */
export async function answerUpload(request: Request, surroundings: UploadSurroundings): Promise<Response> {
  const { pathname, origin } = new URL(request.url);
  const { session, generation } = surroundings;
  const call = { generation, origin };
  const rest = pathname.slice(UPLOAD_PATH.length);
  const [, ticket, part] = PLACE.exec(rest) ?? [];
  if (request.method === "POST" && rest === "")
    return uploadResponse(await start(request, surroundings, call));
  if (request.method === "DELETE" && ticket !== undefined && part === undefined)
    return uploadResponse(await session.cancelUpload(ticket, call));
  if (request.method !== "PUT" || ticket === undefined || part === undefined)
    return uploadResponse(
      refusedUpload("upload-malformed", "An upload is a POST, a PUT of a part, or a DELETE."),
    );
  const place = await session.placeUpload(ticket, Number(part), call);
  if (place.kind !== "place") return uploadResponse(place);
  return uploadResponse(await put(request, place, { ...surroundings, ticket, part: Number(part) }));
}

async function start(
  request: Request,
  { session }: UploadSurroundings,
  call: UploadCall,
): Promise<UploadAnswer> {
  const bytes = request.headers.get("Content-Length");
  // Characters take up to three bytes each. Browsers say how many come; without it, there might be any number.
  if (bytes === null || Number(bytes) > 3 * LIMITS.uploadRequestChars)
    return refusedUpload("upload-malformed", "It is said in too many words.");
  return await session.startUpload(await request.text(), call);
}

/** One part of one upload. */
interface PartPut extends UploadSurroundings {
  readonly ticket: string;
  readonly part: number;
}

/** Takes a part as it comes: none of it is kept here, whatever its size. */
async function put(request: Request, place: UploadPlace, put: PartPut): Promise<UploadAnswer> {
  const { ticket, part, session, log } = put;
  const said = request.headers.get("Content-Length");
  if (said !== null && Number(said) !== place.bytes)
    return refusedUpload("upload-torn", `The part has ${place.bytes} bytes; ${said} were said to come.`);
  // R2 wants to know how many bytes come; and what says one number and sends another has to fail.
  const { readable, writable } = new FixedLengthStream(place.bytes);
  const gaveUp = new AbortController();
  const problem = (request.body ?? new Blob().stream()).pipeTo(writable, { signal: gaveUp.signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  try {
    const etag = await write(put.bucket(), place, { part, readable });
    if ((await problem) === undefined) return await session.placedUpload(ticket, part, etag);
  } catch (cause) {
    // Who fails may have read nothing, and nothing more would ever flow.
    gaveUp.abort();
    // R2 gives unfinished uploads up after a week: then it begins anew.
    if (isRefusal(cause))
      return await session.cancelUpload(ticket, { generation: put.generation, origin: "" });
    if (!isOfLength(cause) && !isOfLength(await problem)) {
      log(cause instanceof Error ? cause : new Error(String(cause)));
      return refusedUpload("upload-failed");
    }
  }
  return refusedUpload("upload-torn", `The part has ${place.bytes} bytes; fewer or more have come.`);
}

/** True for what a stream of a known length says when something else comes: it will be the same each time. */
function isOfLength(cause: unknown): boolean {
  return cause instanceof TypeError && cause.message.includes("FixedLengthStream");
}

/** @returns what R2 calls the part; empty for a file that was there already */
async function write(
  bucket: R2Bucket,
  { key, multipart, name, type }: UploadPlace,
  { part, readable }: { readonly part: number; readonly readable: ReadableStream },
): Promise<string> {
  if (multipart !== undefined)
    return (await bucket.resumeMultipartUpload(key, multipart).uploadPart(part, readable)).etag;
  // A second copy must not change what a reflex may have looked at already.
  const onlyIf = new Headers({ "If-None-Match": "*" });
  const written = await bucket.put(key, readable, { ...objectOptions({ name, type }), onlyIf });
  return written?.etag ?? "";
}
