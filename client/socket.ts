import { type ConnectionState, HEARTBEAT, SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";
import { PROTOCOL_UNKNOWN, SESSION_INVALID } from "../src/protocol/refusals.ts";
import { reconnectDelayMs } from "./backoff.ts";

/** How long a socket may be silent before it is asked whether it lives, in milliseconds; shorter while an answer is due. */
const SILENCE_MS = 25_000;
const SILENCE_WHEN_WAITING_MS = 2_500;

/** How long it has to answer that, and to open, in milliseconds. */
const ANSWER_MS = 2_500;
const OPEN_MS = 8_000;

/** What the connection tells whoever owns it. */
export interface SocketListener {
  /** A socket is open; what waited may be sent. */
  opened(): void;
  received(text: string): void;
  /**
   * The socket is gone. What was sent over it and not answered may have arrived or not.
   *
   * @param code with which it was closed; absent when it was given up
   */
  dropped(code?: number): void;
  stateChanged(state: ConnectionState): void;
  /** True while an answer is due. */
  readonly isWaiting: boolean;
}

/** What varies between a browser and a test. */
export interface SocketPorts {
  readonly open: (url: string, subprotocol: string) => WebSocket;
  /** Runs something later; returns what cancels it. */
  readonly later: (milliseconds: number, run: () => void) => () => void;
  readonly random: () => number;
  /** The page's address: the socket goes to the same site. */
  readonly pageUrl: () => string;
}

/**
 * Keeps one socket open for as long as the page lives: opens it, opens it again after a pause whenever it goes,
 * and at once when {@link connect} is called while it waits. Notices a socket that is open and dead. Stops only when the
 * server refuses for good.
 */
export class ReconnectingSocket {
  readonly #listener: SocketListener;
  readonly #ports: SocketPorts;
  #socket: WebSocket | undefined;
  #failures = 0;
  /** Stops what is to happen next: another try, a question, or the end of patience with the socket. */
  #cancelNext = () => {};
  #state: ConnectionState = "connecting";
  /** True while an answer is due, to a call or to the question whether the socket lives. */
  #isImpatient = false;
  /** True while the socket has not answered whether it lives. */
  #isAsking = false;

  constructor(listener: SocketListener, ports: SocketPorts) {
    this.#listener = listener;
    this.#ports = ports;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Opens a socket now unless one is open or opening; one that is open is asked whether it lives. */
  connect(): void {
    if (this.#state === "refused") return;
    if (this.#socket === undefined) this.#open();
    else if (this.#state === "online") this.#ask();
  }

  /** Gives the socket up and opens another: the network is another one than it was opened on. */
  reconnect(): void {
    if (this.#socket !== undefined) this.#lost();
    this.connect();
  }

  /** Closes the socket until {@link connect}: the page is left, and may come back. */
  suspend(code: number): void {
    this.#socket?.close(code);
    this.#lost();
    this.#cancelNext();
  }

  /** Only while `state` is `online`. */
  send(text: string): void {
    this.#socket?.send(text);
    // Whoever goes on calling does not put off the question whether anybody is there.
    if (!this.#isImpatient) this.#listen();
  }

  #open(): void {
    const socket = this.#ports.open(socketUrl(this.#ports.pageUrl()), SUBPROTOCOL);
    this.#socket = socket;
    this.#next(OPEN_MS, () => this.#lost());
    // What a socket says that was given up does not matter any more.
    const on = (type: string, run: (event: MessageEvent & CloseEvent) => void) =>
      socket.addEventListener(type, (event) => {
        if (this.#socket === socket) run(event as MessageEvent & CloseEvent);
        // Browsers complain in the console about sockets that are closed before they are open.
        else if (type === "open") socket.close();
      });
    on("open", () => this.#opened());
    on("message", ({ data }) => {
      this.#failures = 0;
      if (data !== HEARTBEAT) this.#listener.received(data);
      // Not at every message, of which there may be many: asking now and then a socket that lives costs less than timers.
      if (this.#isAsking || this.#isImpatient !== this.#listener.isWaiting) this.#listen();
    });
    // Comes after every failure, a failed handshake included, so nothing listens for `error`.
    on("close", ({ code }) => this.#lost(code));
  }

  #opened(): void {
    this.#setState("online");
    this.#listener.opened();
    this.#listen();
  }

  /** Waits for silence. */
  #listen(): void {
    if (this.#state !== "online") return;
    this.#isAsking = false;
    this.#isImpatient = this.#listener.isWaiting;
    this.#next(this.#isImpatient ? SILENCE_WHEN_WAITING_MS : SILENCE_MS, () => this.#ask());
  }

  #ask(): void {
    this.#isAsking = true;
    this.#isImpatient = true;
    this.#socket?.send(HEARTBEAT);
    this.#next(ANSWER_MS, () => this.#lost());
  }

  #lost(code?: number): void {
    const socket = this.#socket;
    this.#socket = undefined;
    // Another try would meet the same answer: the page has to be loaded again.
    const isFinal = code === SESSION_INVALID || code === PROTOCOL_UNKNOWN;
    if (this.#state === "online") socket?.close();
    this.#failures += 1;
    const delayMs = reconnectDelayMs(this.#failures, this.#ports.random());
    this.#next(delayMs, () => this.connect());
    if (isFinal) this.#cancelNext();
    this.#setState(isFinal ? "refused" : "offline");
    this.#listener.dropped(code);
  }

  #next(milliseconds: number, run: () => void): void {
    this.#cancelNext();
    this.#cancelNext = this.#ports.later(milliseconds, run);
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#listener.stateChanged(state);
  }
}

function socketUrl(pageUrl: string): string {
  const url = new URL(SOCKET_PATH, pageUrl);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
