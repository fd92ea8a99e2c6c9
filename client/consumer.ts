import { encodeCall } from "../src/protocol/call-codec.ts";
import { decodeServerFrame, encode, isPageUrl } from "../src/protocol/codec.ts";
import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { CallDetail, DoneFrame, PushFrame, Update } from "../src/protocol/messages.ts";
import type { ConnectionState } from "../src/protocol/names.ts";
import { ReflexError } from "./errors.ts";
import { ReconnectingSocket, type SocketListener, type SocketPorts } from "./socket.ts";

/** Why a call did not run, by the client's own word: what happened, and what to do. */
const REASONS: Readonly<Partial<Record<ReflexError["code"], string>>> = {
  disconnected: "the connection was lost; it may have run",
  "connection-refused": "the session is over; load the page again",
  "too-many-waiting": `${CLIENT_LIMITS.clientWaitingCalls} calls are waiting`,
  "call-not-json": "an argument is no JSON",
  "call-too-large": `more than ${CLIENT_LIMITS.clientFrameChars} characters`,
  "address-unsendable": "the page's address is too long",
};

/** A reflex that succeeded. */
export interface ReflexResult {
  /** `Class#action`, as called. */
  readonly target: string;
}

/** What the consumer tells the page. */
export interface ConsumerListener {
  /** Updates of one reply, in order; the call's promise settles after they are applied. */
  update(updates: readonly Update[]): void;
  /** What the page said of itself, while it is still as it came. */
  state(): string | undefined;
  stateChanged(state: ConnectionState): void;
}

interface PendingCall {
  /** Target, element, form and arguments as they travel, written when the call was made. */
  readonly text: string;
  /** Where the page was when the call was sent. */
  readonly from?: Told | undefined;
  readonly resolve: () => void;
  readonly reject: (code: ReflexError["code"], message?: string, callId?: string) => void;
}

/** An address that the server was told. Another object each time: what was dropped in between is missing in the page. */
interface Told {
  readonly url: string;
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
  /** Where the server takes this page to be; absent until it was told on this socket, and again when something was dropped. */
  #told: Told | undefined;

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
    return new Promise((settle, fail) => {
      const reject: PendingCall["reject"] = (code, message = REASONS[code] ?? "", callId) =>
        fail(new ReflexError(target, code, message, callId));
      const text = toJson(target, detail);
      if (text === undefined) return reject("call-not-json");
      const call = { text, resolve: () => settle({ target }), reject };
      const { state } = this.#socket;
      if (state === "online") this.#send(call);
      else if (state === "refused") reject("connection-refused");
      else if (this.#waiting.length >= CLIENT_LIMITS.clientWaitingCalls) reject("too-many-waiting");
      else this.#waiting.push(call);
    });
  }

  /** Asks for a fragment of the page as it should be; by the empty address for the page. */
  restore(address: string): void {
    if (this.#socket.state === "online") this.#socket.send(encode(["s", address]));
  }

  // SocketListener

  opened(): void {
    this.#told = undefined;
    this.#tell(pathAndQuery(this.#pageUrl()));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const call of waiting) this.#send(call);
  }

  received(text: string): void {
    const frame = decodeServerFrame(text);
    if (frame === undefined) return console.error(`no frame of edge-reflex: ${text.slice(0, 100)}`);
    if (frame[0] === "p") return this.#update(frame, this.#told);
    const number = frame[0] === "e" ? frame[1] : frame[0];
    const call = this.#sent.get(number);
    this.#sent.delete(number);
    if (frame[0] === "e") return call?.reject(frame[2], frame[3], frame[4]);
    try {
      this.#update(frame, call?.from);
    } finally {
      // The action ran, whatever became of the page: its caller must hear so.
      call?.resolve();
    }
  }

  dropped(): void {
    for (const call of this.#sent.values()) call.reject("disconnected");
    this.#sent.clear();
    if (this.#socket.state !== "refused") return;
    for (const call of this.#waiting) call.reject("connection-refused");
    this.#waiting = [];
  }

  stateChanged(state: ConnectionState): void {
    this.#listener.stateChanged(state);
  }

  #send(call: PendingCall): void {
    const number = this.#lastNumber + 1;
    const url = pathAndQuery(this.#pageUrl());
    if (!isPageUrl(url)) return call.reject("address-unsendable");
    const text = `[${number},${call.text}]`;
    if (text.length > CLIENT_LIMITS.clientFrameChars) return call.reject("call-too-large");
    this.#lastNumber = number;
    this.#tell(url);
    this.#sent.set(number, { ...call, from: this.#told });
    this.#socket.send(text);
  }

  /** The page may have changed its address by the history API. */
  #tell(url: string): void {
    if (url === this.#told?.url || this.#socket.state !== "online" || !isPageUrl(url)) return;
    this.#told = { url };
    const state = this.#listener.state();
    this.#socket.send(encode(state === undefined ? ["l", url] : ["l", url, state]));
  }

  /** @param from where the page was that the updates were rendered for */
  #update([, ...updates]: DoneFrame | PushFrame, from: Told | undefined): void {
    const here = pathAndQuery(this.#pageUrl());
    if (from === this.#told && from?.url === here) return this.#listener.update(updates);
    // Script has moved on meanwhile: the page at another address is not to be painted over with this one.
    this.#listener.update(updates.filter(([kind]) => kind === "visit" || kind === "template"));
    // The server takes what is left out for shown, until it is told a location.
    if (from === this.#told) this.#told = undefined;
    this.#tell(here);
  }
}

function toJson(target: string, detail: CallDetail): string | undefined {
  try {
    return encodeCall(target, detail);
  } catch {
    // Said to the caller as an error of its own, with what was expected.
    return undefined;
  }
}

function pathAndQuery(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
