import { UPLOAD_PATH } from "../src/protocol/names.ts";
import type { UploadErrorCode } from "./errors.ts";
import { findAll } from "./find-all.ts";
import type { FormFields, FormFiles } from "./forms.ts";
import type { ConsumerResult } from "./reflex-result.ts";

/** What a page's element is told of a file on its way: `reflex:upload-start`, `-progress`, `-done` and `-error`. */
export interface UploadDetail {
  readonly target: string;
  readonly field: string;
  readonly file: File;
  /** In bytes. */
  readonly loaded: number;
  /** In bytes. */
  readonly total: number;
  /** Why it was not taken, or given up: `reflex:upload-error` only. */
  readonly code?: string;
}

/** A call that waits for the files of its form. */
export interface UploadingCall {
  readonly target: string;
  readonly chosen: FormFiles;
  /** As they would travel without uploads. */
  readonly fields: FormFields;
  /** Makes the call. */
  send(fields: FormFields): Promise<ConsumerResult>;
  /** Makes what the caller is told. */
  fail(code: UploadErrorCode, message: string): Error;
}

/** How far a file is, as the server says. */
interface Progress {
  readonly ticket: string;
  readonly partBytes: number;
  readonly parts: readonly number[];
  readonly isDone: boolean;
}

/** The server will say the same again. */
class Refusal extends Error {
  readonly code: UploadErrorCode;

  constructor(code: UploadErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** How many times in a row a request may fail, while the browser takes itself to be online. */
const TRIES = 8;

/** Pauses between them, in milliseconds: twice as long each time. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** After how long without a byte a request is given up, in milliseconds. */
const STALLED_MS = 30_000;

/** The last call of a form that waited for its files, by the form's first input of them. */
const lines = new WeakMap<Element, Promise<unknown>>();

/** Tickets that calls were made with: a further call of the same file gets its own. */
const used = new Set<string>();

/** As many of them as the server can have kept. */
const USED = 32;

/**
 * Makes a call when the files of its form are up, and behind the calls of the form before it. Rejects with what `fail` makes
 * of a file that is not taken, or is given up; and as the call does.
 */
export async function callWithUploads(call: UploadingCall): Promise<ConsumerResult> {
  const [[first] = []] = call.chosen;
  const before = first && lines.get(first);
  const uploaded = Promise.resolve(before).then(() => uploadAll(call));
  // Whoever waits behind it does so whatever became of it.
  if (first) lines.set(first, uploaded.then(Boolean, Boolean));
  const fields = await uploaded;
  const tickets = fields.flatMap(([, , ticket]) => ticket ?? []);
  for (const ticket of tickets) used.add(ticket);
  const release = () => tickets.map((ticket) => used.delete(ticket));
  // What did not take its files has left them for the next try.
  const result = await call.send(fields).catch((error) => {
    release();
    throw error;
  });
  if (/halted|forbidden/.test(result.outcome)) release();
  return result;
}

async function uploadAll({ target, chosen, fields, fail }: UploadingCall): Promise<FormFields> {
  const files = chosen.flatMap(([input, files]) =>
    files.map((file) => new Upload(target, input, file, files)),
  );
  const sent: FormFields[number][] = [];
  for (const field of fields) {
    const [name, value] = field;
    const at = files.findIndex(({ input, file }) => input.name === name && file.name === value);
    const [upload] = at < 0 ? [] : files.splice(at, 1);
    const ticket = await upload?.run(fail);
    sent.push(ticket === undefined ? field : [name, value, ticket]);
  }
  return sent;
}

/** One file on its way. */
class Upload {
  readonly input: HTMLInputElement;
  readonly file: File;
  readonly #target: string;
  readonly #chosen: readonly File[];
  #request: XMLHttpRequest | undefined;
  #wake = () => {};
  #isCancelled = false;

  /** @param chosen all files of the input */
  constructor(...[target, input, file, chosen]: [string, HTMLInputElement, File, readonly File[]]) {
    this.#target = target;
    this.input = input;
    this.file = file;
    this.#chosen = chosen;
  }

  /** The ticket of the file, when it is up. Rejects with what `fail` makes of why it is not. */
  async run(fail: UploadingCall["fail"]): Promise<string> {
    const cancel = (event: Event) => this.#isMeant(event) && this.#cancel();
    const wake = () => this.#wake();
    const { document } = this;
    document.addEventListener("click", cancel);
    document.addEventListener("reflex:upload-cancel", cancel);
    addEventListener("online", wake);
    try {
      if (!this.#tell("start", 0)) this.#isCancelled = true;
      const ticket = await this.#send();
      this.#tell("done", this.file.size);
      return ticket;
    } catch (problem) {
      const { code, message } =
        problem instanceof Refusal
          ? problem
          : { code: "upload-failed" as const, message: "the file could not be uploaded" };
      this.#tell("error", 0, code);
      throw fail(code, message);
    } finally {
      document.removeEventListener("click", cancel);
      document.removeEventListener("reflex:upload-cancel", cancel);
      removeEventListener("online", wake);
    }
  }

  get document(): Document {
    return this.input.ownerDocument;
  }

  /** Tries until the file is up, from where the server says that it is. */
  async #send(): Promise<string> {
    const { size } = this.file;
    const fingerprint = await fingerprintOf(this.file);
    let ticket = "";
    for (let failures = 0; ; ) {
      try {
        this.#assertWanted();
        let said = await this.#ask("POST", "", this.#saying(fingerprint));
        ticket = said.ticket;
        while (!said.isDone) {
          const { partBytes, parts } = said;
          const there = new Set(parts);
          let part = 1;
          while (there.has(part)) part += 1;
          const from = (part - 1) * partBytes;
          const before = Math.min(there.size * partBytes, size);
          const content = this.file.slice(from, from + partBytes);
          said = await this.#ask("PUT", `/${ticket}/${part}`, content, (loaded) =>
            this.#tell("progress", Math.min(before + loaded, size)),
          );
          failures = 0;
        }
        return ticket;
      } catch (problem) {
        // Nobody waits for the answer; what is not removed is removed by the server in time.
        if (this.#isCancelled && ticket !== "") void fetch(`${UPLOAD_PATH}/${ticket}`, { method: "DELETE" });
        this.#assertWanted();
        if (problem instanceof Refusal || failures >= TRIES) throw problem;
        if (navigator.onLine) failures += 1;
        await this.#pause(failures);
      }
    }
  }

  #saying(fingerprint: string): string {
    const { name, size, type } = this.file;
    const field = this.input.name;
    const except = [...used].slice(-USED);
    const [target, count] = [this.#target, this.#chosen.length];
    return JSON.stringify({ target, field, name, size, type, fingerprint, count, except });
  }

  /** Rejects with a {@link Refusal} for what is final, and with anything for what may be tried again. */
  #ask(method: string, path: string, body: XMLHttpRequestBodyInit, progress?: (loaded: number) => void) {
    return new Promise<Progress>((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.#request = request;
      let timer: ReturnType<typeof setTimeout>;
      const go = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), STALLED_MS);
      };
      request.upload.onprogress = ({ loaded }) => {
        go();
        progress?.(loaded);
      };
      request.onloadend = () => {
        clearTimeout(timer);
        const { status, response } = request;
        if (status === 200 && response) return resolve(response);
        const isFinal = (status > 399 && status < 500 && status !== 408 && status !== 410) || status === 501;
        reject(isFinal && response?.code ? new Refusal(response.code, response.message) : request);
      };
      request.open(method, UPLOAD_PATH + path);
      request.responseType = "json";
      go();
      request.send(body);
    });
  }

  #pause(failures: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    return new Promise((resolve) => {
      this.#wake = resolve;
      // Without a network, until there is one.
      if (navigator.onLine) setTimeout(resolve, (longest * (1 + Math.random())) / 2);
    });
  }

  #assertWanted(): void {
    if (this.#isCancelled) throw new Refusal("upload-cancelled", "the upload was cancelled");
  }

  #cancel(): void {
    this.#isCancelled = true;
    this.#request?.abort();
    this.#wake();
  }

  /** True for a click on what gives the form's uploads up, and for an event that says so to the input or its form. */
  #isMeant({ type, target }: Event): boolean {
    const { form } = this.input;
    if (type !== "click") return target === this.input || target === form;
    const button = target instanceof Element ? target.closest("[data-reflex-upload-cancel]") : null;
    return (
      button !== null && form !== null && ("form" in button ? button.form === form : form.contains(button))
    );
  }

  /** False when a listener has prevented it. */
  #tell(what: string, loaded: number, code?: string): boolean {
    const { input, file } = this;
    const detail = { target: this.#target, field: input.name, file, loaded, total: file.size, code };
    this.#show(what, loaded);
    const event = new CustomEvent(`reflex:upload-${what}`, { bubbles: true, cancelable: true, detail });
    return (input.isConnected ? input : this.document.documentElement).dispatchEvent(event);
  }

  /** On the progress bar that the input names: how much of all its files is up. Found each time, since updates may replace it. */
  #show(what: string, loaded: number): void {
    const [bar] = findAll(this.document, this.input.getAttribute("data-reflex-progress") || "_");
    if (!(bar instanceof HTMLProgressElement)) return;
    const sizeOf = (files: readonly File[]) => files.reduce((sum, { size }) => sum + size, 0);
    const before = sizeOf(this.#chosen.slice(0, this.#chosen.indexOf(this.file)));
    const all = sizeOf(this.#chosen);
    bar.max = all || 1;
    bar.value = before + loaded;
    bar.hidden = what === "error" || (what === "done" && before + loaded === all);
  }
}

/** Tells a file from another of the same name: by its date, and by some of its bytes (FNV-1a), whatever its size. */
async function fingerprintOf(file: File): Promise<string> {
  let hash = 0x811c9dc5;
  for (const from of [0, file.size >> 1, file.size - 65_536]) {
    const bytes = await file.slice(Math.max(0, from), Math.max(0, from) + 65_536).arrayBuffer();
    for (const byte of new Uint8Array(bytes)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${file.lastModified}.${hash >>> 0}`;
}
