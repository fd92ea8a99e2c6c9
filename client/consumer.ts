import { decodeServerFrame, encode, isPageUrl } from "../src/protocol/codec.ts";
import { LIMITS } from "../src/protocol/limits.ts";
import type { CallDetail, DoneFrame, RefusedFrame, Update } from "../src/protocol/messages.ts";
import type { ConnectionState } from "../src/protocol/names.ts";
import { ReflexError } from "./errors.ts";
import { MisfitError } from "./patch.ts";
import { ReconnectingSocket, type SocketListener, type SocketPorts } from "./socket.ts";

/** A reflex that succeeded. */
export interface ReflexResult {
  /** `Class#action`, as called. */
  readonly target: string;
}

/** What the consumer tells the page. */
export interface ConsumerListener {
  /** Updates of one reply, in order; the call's promise settles after they are applied. */
  update(updates: readonly Update[]): void;
  stateChanged(state: ConnectionState): void;
}

interface PendingCall {
  readonly target: string;
  /** Element, form and arguments as JSON, written when the call was made. */
  readonly detail: string;
  /** The page that the call was made from; known once it is sent. */
  readonly url?: string;
  readonly resolve: (result: ReflexResult) => void;
  readonly reject: (error: ReflexError) => void;
}

/**
 * The one connection of a page, shared by everything on it: sends calls, matches replies to them, settles every
 * promise. Calls wait for the first socket; a call that was sent when its socket drops is rejected, since
 * nobody knows whether it ran.
 */
export class Consumer implements SocketListener {
  readonly #socket: ReconnectingSocket;
  readonly #listener: ConsumerListener;
  readonly #pageUrl: () => string;
  #waiting: PendingCall[] = [];
  readonly #sent = new Map<number, PendingCall>();
  #lastNumber = 0;
  /** The address that the server knows for this socket. */
  #toldUrl = "";

  constructor(listener: ConsumerListener, ports: SocketPorts) {
    this.#listener = listener;
    this.#pageUrl = ports.pageUrl;
    this.#socket = new ReconnectingSocket(this, ports);
  }

  /** Opens the socket, or tries again at once when it is waiting to. */
  connect(): void {
    this.#socket.connect();
  }

  /** Calls an action. Rejects with {@link ReflexError}; settles in every case. */
  call(target: string, detail: CallDetail): Promise<ReflexResult> {
    return new Promise((resolve, reject) => {
      const text = toJson(detail);
      if (text === undefined) return reject(notJson(target));
      const call = { target, detail: text, resolve, reject };
      const { state } = this.#socket;
      if (state === "online") this.#send(call);
      else if (state === "refused") reject(refused(target));
      else if (this.#waiting.length >= LIMITS.clientWaitingCalls) reject(tooManyWaiting(target));
      else this.#waiting.push(call);
    });
  }

  // SocketListener

  opened(): void {
    this.#toldUrl = "";
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) this.#send(call);
  }

  received(text: string): void {
    const frame = decodeServerFrame(text);
    if (frame === undefined)
      return console.error(`edge-reflex: not a frame of this protocol: ${text.slice(0, 100)}`);
    if (frame[0] === "p") return this.#update(frame[1]);
    const call = this.#sent.get(frame[1]);
    this.#sent.delete(frame[1]);
    if (call !== undefined) this.#settle(call, frame);
  }

  dropped(): void {
    const lost = [...this.#sent.values()];
    this.#sent.clear();
    for (const { target, reject } of lost) reject(disconnected(target));
    if (this.#socket.state !== "refused") return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { target, reject } of waiting) reject(refused(target));
  }

  stateChanged(state: ConnectionState): void {
    this.#listener.stateChanged(state);
  }

  #send(call: PendingCall): void {
    const number = this.#lastNumber + 1;
    const url = pathAndQuery(this.#pageUrl());
    if (!isPageUrl(url)) return call.reject(unsendable(call.target, url));
    const text = `["c",${number},${JSON.stringify(call.target)},${call.detail}]`;
    if (text.length > LIMITS.clientFrameChars) return call.reject(tooLarge(call.target, text.length));
    this.#lastNumber = number;
    this.#sent.set(number, { ...call, url });
    this.#tellUrl(url);
    this.#socket.send(text);
  }

  /** The page may have changed its address by the history API since the last call. */
  #tellUrl(url: string): void {
    if (url === this.#toldUrl) return;
    this.#toldUrl = url;
    this.#socket.send(encode(["l", url]));
  }

  #settle(call: PendingCall, frame: DoneFrame | RefusedFrame): void {
    if (frame[2] === "refused") {
      const [, , , code, message, id] = frame;
      return call.reject(new ReflexError(call.target, code, message, id));
    }
    try {
      const isSamePage = call.url === pathAndQuery(this.#pageUrl());
      // The server takes what is left out for shown, until it is told a location.
      if (!isSamePage) this.#toldUrl = "";
      // Script has moved on to another address meanwhile: its page is not to be painted over with this one.
      this.#update(isSamePage ? frame[3] : frame[3].filter(([kind]) => kind === "visit"));
    } finally {
      // The action ran, whatever became of the page: its caller must hear so.
      call.resolve({ target: call.target });
    }
  }

  /** A page that a patch does not fit was changed by something else: it is asked for as a whole. */
  #update(updates: readonly Update[]): void {
    try {
      this.#listener.update(updates);
    } catch (error) {
      if (!(error instanceof MisfitError)) throw error;
      console.warn(`edge-reflex: ${error.message}; asking for the page`);
      if (this.#socket.state === "online") this.#socket.send(encode(["s"]));
    }
  }
}

function disconnected(target: string): ReflexError {
  const message = "the connection was lost before the answer came, so it is unknown whether it ran";
  return new ReflexError(target, "disconnected", message);
}

function refused(target: string): ReflexError {
  return new ReflexError(target, "connection-refused", "the session is over; load the page again");
}

function tooManyWaiting(target: string): ReflexError {
  const message = `${LIMITS.clientWaitingCalls} calls are waiting for the connection already`;
  return new ReflexError(target, "too-many-waiting", message);
}

function toJson(detail: CallDetail): string | undefined {
  try {
    return JSON.stringify(detail);
  } catch {
    // Said to the caller as an error of its own, with what was expected.
    return undefined;
  }
}

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function notJson(target: string): ReflexError {
  const message = "an argument cannot be written as JSON; expected text, numbers, lists and plain objects";
  return new ReflexError(target, "call-not-json", message);
}

function unsendable(target: string, url: string): ReflexError {
  const message = `the page's address ${JSON.stringify(url.slice(0, 100))} cannot be sent; expected a path and query of at most ${LIMITS.urlChars} characters`;
  return new ReflexError(target, "address-unsendable", message);
}

function tooLarge(target: string, chars: number): ReflexError {
  const message = `the call has ${chars} characters, and at most ${LIMITS.clientFrameChars} can be sent`;
  return new ReflexError(target, "call-too-large", message);
}
