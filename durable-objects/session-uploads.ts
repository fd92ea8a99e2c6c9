import { LIMITS } from "../src/protocol/limits.ts";
import { TurnQueue } from "../src/turn/turn-queue.ts";
import {
  readUploadRequest,
  refusedUpload,
  type UploadAnswer,
  type UploadPlace,
  type UploadRefused,
  type UploadRequest,
} from "../src/uploads/upload-messages.ts";
import {
  bytesOfPart,
  hasAllParts,
  isSameFile,
  isUpload,
  partBytesOf,
  progressOf,
  UPLOAD_KEY,
  type UploadRecord,
} from "../src/uploads/upload-record.ts";
import { whyNotUpload } from "../src/uploads/upload-rules.ts";
import type { AlarmDuty, Ring } from "./session-alarm.ts";
import type { SessionStanding } from "./session-standing.ts";
import type { StoredSession } from "./session-store.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** What the uploads of a session act on. */
export interface UploadParts {
  readonly store: StoredSession;
  readonly standing: SessionStanding;
}

/** One request of a browser about its uploads, as the Worker passes it on. */
export interface UploadCall {
  /** Of the visitor's cookie. */
  readonly generation: number;
  /** Scheme and host of the site, as its visitor knows it. */
  readonly origin: string;
}

/**
 * The uploads of one session: what has begun, which parts are there, and what no reflex has taken. The files themselves go from
 * the Worker to the bucket and never through this object. Not in the turns' queue: an upload waits for no action, and no turn
 * writes to one that is not whole.
 */
export class SessionUploads<Env> implements AlarmDuty {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #parts: UploadParts;
  /** What waits for R2 between reading and writing runs one after another. */
  readonly #queue = new TurnQueue();

  constructor(surroundings: TurnSurroundings<Env>, parts: UploadParts) {
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  /** Begins the upload of a file, or finds the one that was begun. `text`: what the browser says of it. */
  async start(text: string, call: UploadCall): Promise<UploadAnswer> {
    const refused = this.#whyNot(call);
    if (refused !== undefined) return refused;
    const asked = readUploadRequest(text);
    if ("kind" in asked) return asked;
    const taker = this.#surroundings.runtime.uploadRule(asked.target, asked.field);
    if (taker === undefined) return refusedUpload("upload-unexpected");
    const why = whyNotUpload(taker.rule, asked);
    if (why !== undefined) return why;
    if (!this.#queue.hasRoom()) return refusedUpload("upload-failed");
    return await this.#queue.run(async () => await this.#resume(asked, taker.reflex, call.origin));
  }

  /** Where a part is to go; the progress when it is there. */
  place(ticket: string, part: number, call: UploadCall): UploadPlace | UploadAnswer {
    const refused = this.#whyNot(call);
    if (refused !== undefined) return refused;
    const record = this.#find(ticket);
    if (record === undefined) return refusedUpload("upload-gone");
    const bytes = bytesOfPart(record, part);
    if (bytes === undefined)
      return refusedUpload("upload-malformed", "The upload has no part of that number.");
    if (record.parts.has(part) || record.state === "done") return progressOf(ticket, record);
    const { key, multipart, name, type } = record;
    return { kind: "place", key, multipart, bytes, name, type };
  }

  /** A part is in the bucket. */
  async placed(ticket: string, part: number, etag: string): Promise<UploadAnswer> {
    const record = this.#find(ticket);
    if (record === undefined) return refusedUpload("upload-gone");
    const isNews = record.state === "open" && bytesOfPart(record, part) !== undefined;
    const at = this.#surroundings.runtime.now();
    if (isNews) this.#write(ticket, { ...record, parts: new Map(record.parts).set(part, etag), at });
    return await this.#queue.run(async () => await this.#completed(ticket));
  }

  /** Gives an upload up. That it is gone already is no failure. */
  async cancel(ticket: string, call: UploadCall): Promise<UploadRefused> {
    const refused = this.#whyNot(call);
    if (refused !== undefined) return refused;
    return await this.#queue.run(async () => {
      await this.#remove(ticket);
      return refusedUpload("upload-gone");
    });
  }

  /** Removes what has been left for its time. */
  async ring({ now }: Ring): Promise<number | undefined> {
    let next: number | undefined;
    for (const [ticket, record] of Array.from(this.#records())) {
      const dueAt = dueAtOf(record);
      const isGone = dueAt <= now && (await this.#queue.run(async () => await this.#remove(ticket)));
      if (isGone) continue;
      const againAt = dueAt <= now ? now + LIMITS.uploadRetryMs : dueAt;
      next = Math.min(next ?? againAt, againAt);
    }
    return next;
  }

  /** The session ends: removes everything, as far as it can be done. Never rejects. */
  async removeAll(): Promise<void> {
    for (const [ticket] of Array.from(this.#records()))
      await this.#queue.run(async () => await this.#remove(ticket));
  }

  async #resume(asked: UploadRequest, reflex: string, origin: string): Promise<UploadAnswer> {
    const all = Array.from(this.#records());
    const mine = all.filter(([, { state }]) => state !== "leaving");
    const found = mine.find(
      ([ticket, record]) => isSameFile(record, reflex, asked) && !asked.except.includes(ticket),
    );
    if (found !== undefined) return await this.#completed(found[0]);
    const bytes = mine.reduce((sum, [, { size }]) => sum + size, asked.size);
    const isFull = mine.length >= LIMITS.uploads || all.length >= LIMITS.uploadRecords;
    if (isFull || bytes > LIMITS.sessionUploadBytes) return refusedUpload("upload-no-room");
    return await this.#begin(asked, reflex, origin);
  }

  async #begin(asked: UploadRequest, reflex: string, origin: string): Promise<UploadAnswer> {
    const { field, name, size, type, fingerprint } = asked;
    const ticket = crypto.randomUUID();
    const partBytes = partBytesOf(size);
    // Only what the application has named: what a browser says is no part of a path.
    const key = `${reflex}/${field}/${ticket}`;
    const bucket = this.#findBucket(key);
    if (bucket === undefined) return refusedUpload("upload-unconfigured");
    try {
      const multipart =
        size > partBytes ? await bucket.createMultipartUpload(key, objectOptions(asked)) : undefined;
      const { uploadId } = multipart ?? {};
      const at = this.#surroundings.runtime.now();
      const file = { reflex, field, name, size, type, fingerprint, key, partBytes };
      const record: UploadRecord = { ...file, multipart: uploadId, parts: new Map(), state: "open", at };
      this.#write(ticket, record, origin);
      return progressOf(ticket, record);
    } catch (cause) {
      this.#log(key, cause);
      return refusedUpload("upload-failed");
    }
  }

  #findBucket(key: string): R2Bucket | undefined {
    const { runtime, env } = this.#surroundings;
    try {
      return runtime.bucket(env);
    } catch (cause) {
      // Whoever sees this in the log is setting the application up.
      this.#log(key, cause);
      return undefined;
    }
  }

  /** Makes one object of the parts when all are there. */
  async #completed(ticket: string): Promise<UploadAnswer> {
    const record = this.#find(ticket);
    if (record === undefined) return refusedUpload("upload-gone");
    if (record.state === "done" || !hasAllParts(record)) return progressOf(ticket, record);
    try {
      if (record.multipart !== undefined) await this.#complete(record, record.multipart);
    } catch (cause) {
      this.#log(record.key, cause);
      // What R2 cannot put together has to be sent again; what it could not do now is done when the browser asks again.
      if (!isRefusal(cause)) return refusedUpload("upload-failed");
      await this.#remove(ticket);
      return refusedUpload("upload-gone");
    }
    const done: UploadRecord = { ...record, state: "done" };
    this.#write(ticket, done);
    return progressOf(ticket, done);
  }

  async #complete({ key, parts }: UploadRecord, multipart: string): Promise<void> {
    const { runtime, env } = this.#surroundings;
    const bucket = runtime.bucket(env);
    const uploaded = Array.from(parts, ([partNumber, etag]) => ({ partNumber, etag }));
    uploaded.sort((left, right) => left.partNumber - right.partNumber);
    try {
      await bucket.resumeMultipartUpload(key, multipart).complete(uploaded);
    } catch (cause) {
      // It may have been done before, and its answer lost.
      if ((await bucket.head(key)) === null) throw cause;
    }
  }

  /** True when nothing of it is left. It is nobody's before the first byte of it goes, so that no reflex takes half of it. */
  async #remove(ticket: string): Promise<boolean> {
    const record = this.#read(ticket);
    if (record === undefined) return true;
    const { runtime, env } = this.#surroundings;
    this.#write(ticket, { ...record, state: "leaving", at: runtime.now() + LIMITS.uploadRetryMs });
    try {
      await removeFrom(runtime.bucket(env), record);
    } catch (cause) {
      this.#log(record.key, cause);
      return false;
    }
    // The Worker may be putting it just now: what comes behind the removal is removed at the next ring.
    if (record.state === "open" && record.multipart === undefined) return false;
    this.#parts.store.commit(new Map([[UPLOAD_KEY + ticket, undefined]]), { isSeen: false });
    return true;
  }

  #whyNot({ generation }: UploadCall): UploadRefused | undefined {
    const standing = this.#parts.standing.ofGeneration(generation);
    if (standing === "current") return undefined;
    return refusedUpload(standing === "moved" ? "upload-moving" : "upload-session");
  }

  #write(ticket: string, record: UploadRecord, origin?: string): void {
    const ringBy = dueAtOf(record);
    // Nobody has come for what is removed.
    const isSeen = record.state !== "leaving";
    this.#parts.store.commit(new Map([[UPLOAD_KEY + ticket, record]]), { origin, ringBy, isSeen });
  }

  #find(ticket: string): UploadRecord | undefined {
    const record = this.#read(ticket);
    return record?.state === "leaving" ? undefined : record;
  }

  #read(ticket: string): UploadRecord | undefined {
    // Only this file writes under such keys.
    return this.#parts.store.read(UPLOAD_KEY + ticket) as UploadRecord | undefined;
  }

  *#records(): Iterable<readonly [ticket: string, record: UploadRecord]> {
    for (const key of this.#parts.store.keys()) {
      const ticket = key.slice(UPLOAD_KEY.length);
      const record = isUpload(key) ? this.#read(ticket) : undefined;
      if (record !== undefined) yield [ticket, record];
    }
  }

  #log(key: string, cause: unknown): void {
    this.#surroundings.runtime.log({ event: "upload-failed", id: crypto.randomUUID(), url: "", key, cause });
  }
}

/** When an upload is to be removed, in milliseconds since 1970; of one that is being removed, when that is tried again. */
function dueAtOf({ at, state }: UploadRecord): number {
  return state === "leaving" ? at : at + LIMITS.uploadMs;
}

/** Removes what there is of a file. That there is nothing is no failure. */
async function removeFrom(bucket: R2Bucket, { key, multipart, state }: UploadRecord): Promise<void> {
  await bucket.delete(key);
  if (multipart === undefined || state === "done") return;
  await bucket
    .resumeMultipartUpload(key, multipart)
    .abort()
    .catch((cause) => {
      if (!isRefusal(cause)) throw cause;
    });
}

/** What the bucket is told of a file. */
export function objectOptions({
  name,
  type,
}: {
  readonly name: string;
  readonly type: string;
}): R2PutOptions {
  return { httpMetadata: type === "" ? {} : { contentType: type }, customMetadata: { name } };
}

/** True for what R2 will say each time: there is no such upload or part any more, or the parts do not fit (4xx of its S3 side). */
export function isRefusal(cause: unknown): boolean {
  return cause instanceof Error && /\((10011|10024|10025|10048)\)/.test(cause.message);
}
