import type { FormField } from "../protocol/messages.ts";
import type { TurnUploads } from "../uploads/turn-uploads.ts";
import type { UploadRules } from "../uploads/upload-rules.ts";

/** A file that the visitor has uploaded. `name` and `type` are the visitor's claim; `size` was counted. */
export interface UploadedFile {
  /** Of the object in the bucket: what the application keeps to find the file again. */
  readonly key: string;
  /** As it was called on the visitor's machine. No path: show it, do not open it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** As its browser knows it; empty when it does not. */
  readonly type: string;
  /** The object with its content, to be streamed. Rejects when it has been removed from the bucket, and when R2 fails. */
  body(): Promise<R2ObjectBody>;
}

/** Where the files of a call are looked for. */
export interface FileSource {
  /** The name of the reflex class that is called. */
  readonly reflex: string;
  readonly rules: UploadRules | undefined;
  /** Asked for when a file is. Throws where no turn of a session runs. */
  readonly uploads: () => TurnUploads;
}

/** The files of one call's form that were uploaded for it. */
export class Files {
  readonly #fields: readonly FormField[];
  readonly #source: FileSource | undefined;

  /** @param source absent where there are none */
  constructor(fields: readonly FormField[] = [], source?: FileSource) {
    this.#fields = fields;
    this.#source = source;
  }

  /** Those of a field in document order, as many as its class takes. Throws `SessionError` in an action that may only read. */
  of(field: string): readonly UploadedFile[] {
    const source = this.#source;
    if (source?.rules === undefined || !Object.hasOwn(source.rules, field)) return [];
    const tickets = this.#fields.flatMap(([name, , ticket]) => (name === field && ticket ? [ticket] : []));
    const max = source.rules[field]?.max ?? 1;
    return [...new Set(tickets)].slice(0, max).flatMap((ticket) => {
      const uploads = source.uploads();
      const record = uploads.take(ticket, { reflex: source.reflex, field });
      if (record === undefined) return [];
      const { key, name, size, type } = record;
      return [{ key, name, size, type, body: async () => await bodyOf(uploads.bucket, key) }];
    });
  }
}

async function bodyOf(bucket: R2Bucket, key: string): Promise<R2ObjectBody> {
  const body = await bucket.get(key);
  if (body !== null) return body;
  throw new Error(
    `The bucket has no object ${JSON.stringify(key)} any more; it was removed after its upload`,
  );
}
