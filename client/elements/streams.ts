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
  /** A call is on its way that asks for it. */
  isAsked?: boolean;
}

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
      queueMicrotask(() => this.#end(name, stream));
    };
  }

  #end(name: string, stream: Stream): void {
    if (stream.followers.size > 0 || this.#streams.get(name) !== stream) return;
    this.#streams.delete(name);
    call(UNSTREAM_TARGET, stream).catch(tell);
  }

  #ask(stream: Stream): void {
    if (stream.isAsked) return;
    stream.isAsked = true;
    // Asked for again: what the page has missed lies behind the place that it was told.
    const { positions } = start();
    call(STREAM_TARGET, stream, ...(stream.key === undefined ? [] : [positions[stream.key] ?? ""]))
      .then(({ outcome, payload }) => {
        if (outcome !== "done") return console.error(refusalOf(stream));
        stream.key = String(payload);
        for (const follower of stream.followers) follower.followed(stream.key);
      }, tell)
      .finally(() => {
        stream.isAsked = false;
      });
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
