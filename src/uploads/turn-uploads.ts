import type { Draft, SessionStore } from "../state/draft.ts";
import { shown } from "../state/shown.ts";
import { UPLOAD_KEY, type UploadRecord } from "./upload-record.ts";

/** What a turn that takes files needs beside its draft. */
export interface UploadPorts {
  /** Throws where the Worker has none. */
  bucket(): R2Bucket;
  /** Tells the log of a ticket that was of no use, and why. */
  absent(why: string): void;
}

/** For which field of which class a file is taken. */
export interface UploadField {
  readonly reflex: string;
  readonly field: string;
}

/** The uploads that one turn takes: they are the application's when the turn is committed, and wait on when it fails. */
export class TurnUploads {
  readonly #draft: Draft;
  readonly #store: SessionStore;
  readonly #ports: UploadPorts;
  readonly #taken = new Map<string, UploadRecord>();

  constructor(draft: Draft, store: SessionStore, ports: UploadPorts) {
    this.#draft = draft;
    this.#store = store;
    this.#ports = ports;
  }

  get bucket(): R2Bucket {
    return this.#ports.bucket();
  }

  /**
   * The upload of a ticket; `undefined`, and a line in the log, for one that is not whole, is meant for another field, or is none
   * of this session's. Taken again in the same turn it is the same; in a later one it is gone.
   *
   * Throws `SessionError` in an action that may only read.
   */
  take(ticket: string, { reflex, field }: UploadField): UploadRecord | undefined {
    const known = this.#taken.get(ticket);
    // Only durable-objects/session-uploads.ts writes under such keys.
    const record = known ?? (this.#store.read(UPLOAD_KEY + ticket) as UploadRecord | undefined);
    const why = whyNotTaken(record, { reflex, field });
    if (record === undefined || why !== undefined) {
      this.#ports.absent(`The upload ${shown(ticket)} of ${reflex}, field ${shown(field)}, ${why}`);
      return undefined;
    }
    if (known !== undefined) return known;
    this.#draft.write(UPLOAD_KEY + ticket, undefined, `The upload of ${shown(field)}`);
    this.#taken.set(ticket, record);
    return record;
  }

  /** Called when the session has ended in this turn, which forgets what was written in it: what was taken stays taken. */
  leave(): void {
    for (const ticket of this.#taken.keys()) this.#draft.write(UPLOAD_KEY + ticket, undefined);
  }
}

function whyNotTaken(record: UploadRecord | undefined, { reflex, field }: UploadField): string | undefined {
  if (record === undefined) return "is not known in this session, or was taken";
  if (record.reflex !== reflex || record.field !== field)
    return `was made for ${record.reflex}, field ${shown(record.field)}`;
  return record.state === "done" ? undefined : "is not complete";
}
