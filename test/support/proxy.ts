import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { FrameReader, type RawMessage } from "./frame-reader.ts";

/**
 * What becomes of a text frame. `kill-…` destroys the connection on both sides without a close frame, before the
 * frame was passed on or behind it. `hold`: neither this frame nor anything else passes any more, in either
 * direction, and neither side hears of it: a half-open socket.
 */
export type Verdict = "forward" | "drop" | "duplicate" | "kill-before" | "kill-after" | "hold";

/** Decides over each text frame. What stands behind a frame in its direction waits for the decision. */
export type Hook = (text: string, connection: Connection) => Verdict | Promise<Verdict>;

/** What a test does to the frames of a proxy. */
export interface ProxyHooks {
  /** Frames from the browser. */
  up?: Hook;
  /** Frames from the server. */
  down?: Hook;
  /** Told of each piece of a request's body, before it is passed on: how many bytes, and whose. False: the connection breaks there. */
  body?: (bytes: number, request: IncomingMessage) => boolean;
  /** Asked before a request is passed on, which waits for the answer. */
  request?: (request: IncomingMessage) => Promise<unknown>;
}

/** What a connection is asked of its frames. */
type Direction = "up" | "down";

/** One WebSocket through the proxy. */
export class Connection {
  readonly browser: Duplex;
  readonly server: Socket;
  /** What the browser said when it asked for the socket. */
  readonly headers: IncomingHttpHeaders;
  #isHeld = false;

  constructor(browser: Duplex, server: Socket, headers: IncomingHttpHeaders) {
    this.headers = headers;
    this.browser = browser;
    this.server = server;
    // What is destroyed may still be written to; the close that follows tells all.
    for (const side of [browser, server]) side.on("error", () => {});
  }

  /** Destroys both sides without a close frame: both see 1006. */
  kill(): void {
    this.browser.destroy();
    this.server.destroy();
  }

  /** Lets nothing through from here on, the end of a side included. */
  hold(): void {
    this.#isHeld = true;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  get isClosed(): boolean {
    return this.browser.destroyed && this.server.destroyed;
  }
}

/** Stands between browsers and a server: passes on HTTP and WebSockets, and does to their frames what its hooks say. */
export class FrameProxy {
  /** May be replaced at any time. */
  hooks: ProxyHooks;
  /** While true, connections are destroyed as they come: the network is down. */
  isRefusing = false;
  /** While true, requests are taken and never answered, not even later: the network is down, and does not say so. */
  isSwallowing = false;
  /** WebSockets that are open, or are held open. */
  readonly connections = new Set<Connection>();
  readonly #server: Server;
  readonly #targetPort: () => number;
  readonly #swallowed = new Set<Duplex>();

  private constructor(targetPort: () => number, hooks: ProxyHooks) {
    this.#targetPort = targetPort;
    this.hooks = hooks;
    this.#server = createServer((incoming, outgoing) => void this.#passRequest(incoming, outgoing));
    this.#server.on("connection", (socket: Socket) => this.isRefusing && socket.destroy());
    this.#server.on("upgrade", (incoming: IncomingMessage, browser: Duplex) =>
      this.#passUpgrade(incoming, browser),
    );
  }

  /**
   * Starts on a free port. Whoever starts it stops it.
   *
   * @param targetPort where the server listens on this machine, asked for each connection
   */
  static async start(targetPort: () => number, hooks: ProxyHooks = {}): Promise<FrameProxy> {
    const proxy = new FrameProxy(targetPort, hooks);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** As browsers name it. */
  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The proxy does not listen");
    return `http://localhost:${address.port}`;
  }

  /** How many requests were taken that are never answered. */
  get swallowedCount(): number {
    return this.#swallowed.size;
  }

  /** Destroys every open WebSocket. */
  cut(): void {
    for (const connection of this.connections) connection.kill();
  }

  async stop(): Promise<void> {
    this.cut();
    for (const socket of this.#swallowed) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #passRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (!this.#isUp(incoming.socket)) return;
    await this.hooks.request?.(incoming);
    if (incoming.destroyed) return;
    const { method = "GET", url: path = "/", headers } = incoming;
    // A connection of its own for each: one that is kept would be found dead when the server was killed meanwhile.
    const place = { host: "127.0.0.1", port: this.#targetPort(), agent: false };
    const passed = request({ ...place, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing).on("error", () => answer.destroy());
      answer.on("error", () => outgoing.destroy());
    });
    passed.on("error", () => outgoing.destroy());
    incoming.on("data", (piece: Buffer) => {
      if (this.hooks.body?.(piece.length, incoming) === false) incoming.destroy();
    });
    incoming.on("close", () => incoming.complete || passed.destroy());
    incoming.pipe(passed);
  }

  /** A browser may have connected while the network was up, and asks only now. */
  #isUp(browser: Duplex): boolean {
    if (this.isRefusing) browser.destroy();
    else if (this.isSwallowing) this.#swallowed.add(browser.on("error", () => {}));
    return !this.isRefusing && !this.isSwallowing;
  }

  #passUpgrade(incoming: IncomingMessage, browser: Duplex): void {
    if (!this.#isUp(browser)) return;
    const server = connect(this.#targetPort(), "127.0.0.1");
    const connection = new Connection(browser, server, incoming.headers);
    this.connections.add(connection);
    const forget = () => connection.isClosed && this.connections.delete(connection);
    // Until one side knows of the other, it cannot be told in order that the other is gone.
    const giveUp = () => connection.kill();
    for (const side of [browser, server]) side.on("close", giveUp).on("close", forget);
    server.write(upgradeHead(incoming));
    readHead(server, (head, rest) => {
      for (const side of [browser, server]) side.off("close", giveUp);
      browser.write(head);
      // Refused: what follows is no WebSocket.
      if (!head.includes(" 101 ")) return void server.pipe(browser).write(rest);
      this.#passFrames(connection, browser, "up");
      this.#passFrames(connection, server, "down");
      // They may have come with the head.
      server.emit("data", rest);
    });
  }

  /** Passes on what comes from one side, one message after another, and its end behind the last one. */
  #passFrames(connection: Connection, from: Duplex, direction: Direction): void {
    const to = from === connection.browser ? connection.server : connection.browser;
    const reader = new FrameReader();
    let last: Promise<void> = Promise.resolve();
    const next = (step: () => void | Promise<void>) => {
      last = last.then(() => (connection.isHeld ? undefined : step()));
    };
    from.on("data", (bytes: Buffer) => {
      for (const message of reader.read(bytes))
        next(() => this.#pass(message, to, { connection, direction }));
    });
    from.on("close", () => next(() => void to.end(() => to.destroy())));
    // The browser's socket would stay half-open otherwise.
    from.on("end", () => next(() => void to.end()));
  }

  async #pass(
    { text, bytes }: RawMessage,
    to: Duplex,
    { connection, direction }: { readonly connection: Connection; readonly direction: Direction },
  ): Promise<void> {
    const hook = this.hooks[direction];
    const verdict = text === undefined || hook === undefined ? "forward" : await hook(text, connection);
    // Another frame's verdict may have come meanwhile.
    if (connection.isHeld) return;
    await APPLY[verdict](connection, () => written(to, bytes));
  }
}

type Apply = (connection: Connection, write: () => Promise<void>) => unknown;

const APPLY: Readonly<Record<Verdict, Apply>> = {
  forward: (_, write) => void write(),
  drop: () => {},
  duplicate: (_, write) => {
    write();
    write();
  },
  "kill-before": (connection) => connection.kill(),
  "kill-after": async (connection, write) => {
    await write();
    connection.kill();
  },
  hold: (connection) => connection.hold(),
};

/** Settles when the system has taken the bytes, or the socket is gone. */
function written(socket: Duplex, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    if (socket.writable) socket.write(bytes, () => resolve());
    else resolve();
  });
}

/** The request as it came, but for extensions: compressed frames could not be read. */
function upgradeHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.toLowerCase() !== "sec-websocket-extensions") lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Waits for the whole head of an answer; `rest` is what came behind it. */
function readHead(socket: Socket, found: (head: Buffer, rest: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) return;
    socket.off("data", read);
    found(bytes.subarray(0, end + 4), bytes.subarray(end + 4));
  };
  socket.on("data", read);
}
