import {
  FORGOTTEN_EVENT,
  STREAM_TARGET,
  type StreamMode,
  UNSTREAM_TARGET,
} from "../../src/protocol/stream-names.ts";
import { start } from "../index.ts";

/** Whom a topic is followed for. */
export interface Follower {
  /** The server knows the identifier: what comes of the topic names it by this key. */
  followed(key: string): void;
}

/** One topic that the page follows, for all elements that ask for the same. */
interface Stream {
  readonly identifier: string;
  readonly mode: StreamMode;
  readonly followers: Set<Follower>;
  /** Stands for the topic in what comes of it; absent until the server has said. */
  key?: string;
  /** The call on its way that asks for it. */
  asked?: Promise<void> | undefined;
}

/**
 * Why a call says nothing of its topic: it was made in another session, it was too old when there was a connection, or there were too
 * many. How long to wait before the next, in milliseconds.
 */
const AGAIN_MS: Readonly<Record<string, number>> = {
  "session-changed": 0,
  "call-expired": 0,
  "too-many-waiting": 1000,
};

/**
 * The topics that elements of the page follow: each once, whatever the number of its elements; asked for by calls, which wait for the
 * connection as all calls do, and again on every new socket, since the server may have forgotten.
 */
export class Streams {
  readonly #streams = new Map<string, Stream>();

  constructor(document: Document) {
    for (const type of ["reflex:connected", FORGOTTEN_EVENT])
      document.addEventListener(type, () => {
        for (const stream of this.#streams.values()) this.#ask(stream);
      });
  }

  /**
   * Follows a topic.
   *
   * @returns ends it for this follower
   */
  follow(identifier: string, mode: StreamMode, follower: Follower): () => void {
    const name = `${mode} ${identifier}`;
    const known = this.#streams.get(name);
    const stream: Stream = known ?? { identifier, mode, followers: new Set() };
    stream.followers.add(follower);
    this.#streams.set(name, stream);
    if (stream.key !== undefined) follower.followed(stream.key);
    if (known === undefined) this.#ask(stream);
    return () => {
      stream.followers.delete(follower);
      // An element that is moved, or whose page another takes the place of, is taken out and put in at once.
      queueMicrotask(() => void this.#end(name, stream));
    };
  }

  async #end(name: string, stream: Stream): Promise<void> {
    if (stream.followers.size > 0 || this.#streams.get(name) !== stream) return;
    this.#streams.delete(name);
    // Of one topic there may be several identifiers, and the server ends the topic: it is asked for that behind the last of them alone.
    for (let asked = this.#askedFor(stream); asked !== undefined; asked = this.#askedFor(stream)) await asked;
    const { key } = stream;
    if (key !== undefined && !this.#beside(stream).some((other) => other.key === key))
      call(UNSTREAM_TARGET, stream).catch(tell);
  }

  /** What tells whether another identifier is of the same topic; `undefined` where that is known. */
  #askedFor(stream: Stream): Promise<void> | undefined {
    return [stream, ...this.#beside(stream)].find(({ key, asked }) => key === undefined && asked)?.asked;
  }

  #beside({ mode }: Stream): readonly Stream[] {
    return [...this.#streams.values()].filter((other) => other.mode === mode);
  }

  #ask(stream: Stream): void {
    if (stream.asked !== undefined) return;
    // Asked for again: what the page has missed lies behind the place that it was told.
    const { positions } = start();
    const place = stream.key === undefined ? [] : [positions[stream.key] ?? ""];
    stream.asked = call(STREAM_TARGET, stream, ...place).then(
      ({ outcome, payload }) => {
        stream.asked = undefined;
        if (outcome !== "done") return console.error(refusalOf(stream));
        stream.key = String(payload);
        for (const follower of stream.followers) follower.followed(stream.key);
      },
      (error) => {
        stream.asked = undefined;
        const pauseMs = AGAIN_MS[error.code];
        if (pauseMs === undefined) tell(error);
        else setTimeout(() => stream.followers.size > 0 && this.#ask(stream), pauseMs);
      },
    );
  }
}

/** Behind no element, so that nobody is told of its stages; and not logged. */
function call(target: string, { identifier, mode }: Stream, ...place: readonly string[]) {
  return start().consumer.call(target, { args: [identifier, mode, ...place], more: { quiet: 1 } });
}

function refusalOf({ identifier }: Stream): string {
  const given = JSON.stringify(identifier.slice(0, 100));
  return `edge-reflex: the identifier ${given} was refused; expected one that this site has signed for this session`;
}

/** Of a call that the page is left with there is nothing to tell. */
function tell(error: unknown): void {
  if ((error as { readonly code?: unknown }).code !== "page-closed") console.error(error);
}
