import { type ConnectionState, SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";
import { SESSION_INVALID } from "../src/protocol/refusals.ts";
import { reconnectDelayMs } from "./backoff.ts";

/** What the connection tells whoever owns it. */
export interface SocketListener {
  /** A socket is open; what waited may be sent. */
  opened(): void;
  received(text: string): void;
  /** The socket is gone. What was sent over it and not answered will never be. */
  dropped(): void;
  stateChanged(state: ConnectionState): void;
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
 * and at once when {@link connect} is called while it waits. Stops only when the server refuses for good.
 */
export class ReconnectingSocket {
  readonly #listener: SocketListener;
  readonly #ports: SocketPorts;
  #socket: WebSocket | undefined;
  #failures = 0;
  #cancelRetry: (() => void) | undefined;
  #state: ConnectionState = "connecting";

  constructor(listener: SocketListener, ports: SocketPorts) {
    this.#listener = listener;
    this.#ports = ports;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Opens a socket now unless one is open or opening. Called to start, and again when the network comes back. */
  connect(): void {
    if (this.#socket !== undefined || this.#state === "refused") return;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const socket = this.#ports.open(socketUrl(this.#ports.pageUrl()), SUBPROTOCOL);
    this.#socket = socket;
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#listener.received(String(event.data)));
    socket.addEventListener("close", (event) => this.#closed(event.code));
  }

  /** Only while `state` is `online`. */
  send(text: string): void {
    this.#socket?.send(text);
  }

  #opened(): void {
    this.#failures = 0;
    this.#setState("online");
    this.#listener.opened();
  }

  /** Comes after every failure, a failed handshake included, so nothing listens for `error`. */
  #closed(code: number): void {
    // Another try would meet the same answer: the page has to be loaded again.
    const isFinal = code === SESSION_INVALID;
    this.#socket = undefined;
    this.#setState(isFinal ? "refused" : "offline");
    this.#listener.dropped();
    if (isFinal) return;
    this.#failures += 1;
    const delayMs = reconnectDelayMs(this.#failures, this.#ports.random());
    this.#cancelRetry = this.#ports.later(delayMs, () => this.connect());
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
