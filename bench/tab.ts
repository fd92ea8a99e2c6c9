import { encodeCall } from "../src/protocol/call-codec.ts";
import { encode } from "../src/protocol/codec.ts";
import type { CallDetail } from "../src/protocol/messages.ts";
import { ATTRIBUTES, PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";

/** What a `WebSocket` of Node takes beside what the standard says. */
const open = (url: string, options: { protocols?: string[]; headers?: Record<string, string> }) =>
  new WebSocket(url, options as never);

/** A socket from Node that waits for the answer to each message. */
export class Caller {
  readonly #socket: WebSocket;
  #answered: ((text: string) => void) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#answered?.(String(data)));
  }

  static async connect(url: string, options: Parameters<typeof open>[1] = {}): Promise<Caller> {
    const socket = open(url.replace(/^http/, "ws"), options);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", () => reject(new Error(`No socket at ${url}`)));
    });
    return new Caller(socket);
  }

  /** Sends without waiting. */
  send(text: string): void {
    this.#socket.send(text);
  }

  /** Sends and waits for the next message. */
  ask(text: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#socket.send(text);
    });
  }

  close(): void {
    this.#socket.close();
  }
}

/** A page without a browser: its session, its socket, and calls over it as our client writes them. */
export class Tab {
  readonly #caller: Caller;
  #lastNumber = 0;

  private constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** Loads a page as a new visitor, and opens its socket. */
  static async open(origin: string, path: string): Promise<Tab> {
    const response = await fetch(origin + path);
    const [, digest = ""] = new RegExp(`${ATTRIBUTES.state}="(.+?)"`).exec(await response.text()) ?? [];
    const [cookie = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
    const headers = { Cookie: cookie, Origin: origin };
    const caller = await Caller.connect(origin + SOCKET_PATH, { protocols: [SUBPROTOCOL], headers });
    const tab = new Tab(caller);
    // Welcomed, it waits for nothing but answers.
    await caller.ask(encode(["h", PROTOCOL_VERSION, newTabId(), 0, 1, path, digest]));
    return tab;
  }

  /** Calls an action; throws when the answer is a refusal. */
  async call(target: string, detail: CallDetail = {}): Promise<string> {
    this.#lastNumber += 1;
    const answer = await this.#caller.ask(`[${this.#lastNumber},${encodeCall(target, detail)}]`);
    if (answer.startsWith('["e"')) throw new Error(`${target} was refused: ${answer.slice(0, 200)}`);
    return answer;
  }

  close(): void {
    this.#caller.close();
  }
}

/** What a page load calls itself. */
export function newTabId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 11);
}
