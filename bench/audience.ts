import { encode } from "../src/protocol/codec.ts";
import { ATTRIBUTES, PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";
import { PlainSocket } from "./plain-socket.ts";
import { newTabId } from "./tab.ts";

/** Frames with updates that a listener reads before it says so. */
const ACKNOWLEDGED = 32;

/** How many pages are opened at a time. */
const OPENED_AT_ONCE = 10;

/** Told of each change that a listener is told, and of the last that it knew before. */
type Told = (n: number, last: number) => void;

/** One socket that is told of changes, and notes when. */
export class Listener {
  /** The number of the last change that it was told. */
  last = 0;
  /** How many changes it was told; those that a later one made needless are not. */
  count = 0;
  /** Stands for the changes that it was told, in their order: the same for those who were told the same. */
  order = 0;
  /** The first change that it was told behind a later one, or again. */
  again: number | undefined;
  frames = 0;
  bytes = 0;
  readonly #isWelcome = Promise.withResolvers<void>();
  readonly #socket: PlainSocket;
  readonly #told: Told;

  private constructor(socket: PlainSocket, told: Told) {
    this.#socket = socket;
    this.#told = told;
  }

  static async open(url: string, headers: Readonly<Record<string, string>>, told: Told): Promise<Listener> {
    let listener: Listener | undefined;
    // Nothing comes before the hello.
    const heard = (text: string) => listener?.take(text);
    listener = new Listener(await PlainSocket.open({ url, headers, heard }), told);
    return listener;
  }

  /** Says hello. Resolves when the session has answered. */
  async hello(text: string): Promise<void> {
    this.#socket.send(text);
    await this.#isWelcome.promise;
  }

  /** Stops reading until {@link resume}. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Begins to count anew. */
  forget(): void {
    this.count = 0;
    this.order = 0;
    this.again = undefined;
    this.frames = 0;
    this.bytes = 0;
  }

  close(): void {
    this.#socket.close();
  }

  /** Takes a frame. */
  take(text: string): void {
    this.frames += 1;
    this.bytes += Buffer.byteLength(text);
    if (text.startsWith('["w"')) this.#isWelcome.resolve();
    if (text.startsWith('["p"')) this.#acknowledge(text);
    for (const [, digits] of text.matchAll(/change (\d+)\./g)) {
      const n = Number(digits);
      this.count += 1;
      if (n <= this.last) this.again ??= n;
      this.order = (Math.imul(this.order, 31) + n) >>> 0;
      this.#told(n, this.last);
      this.last = Math.max(this.last, n);
    }
  }

  #acknowledge(text: string): void {
    if (this.frames % ACKNOWLEDGED !== 0) return;
    this.#socket.send(encode(["a", 1, Number(/^\["p",(\d+)/.exec(text)?.[1])]));
  }
}

/** What is opened. */
export interface AudienceOptions {
  readonly origin: string;
  readonly sessions: number;
  /** Open pages of each session. */
  readonly tabs: number;
  /** Of the page. */
  readonly path: string;
  readonly told: Told;
}

/** Opens the pages of many sessions on a topic, and their sockets. */
export async function openAudience(options: AudienceOptions): Promise<readonly Listener[]> {
  const { origin, sessions, tabs, path } = options;
  const listeners: Listener[] = [];
  const open = async () => {
    const first = await fetch(origin + path);
    const [cookie = ""] = (first.headers.get("Set-Cookie") ?? "").split(";");
    let html = await first.text();
    for (let tab = 0; tab < tabs; tab += 1) {
      if (tab > 0) html = await (await fetch(origin + path, { headers: { Cookie: cookie } })).text();
      listeners.push(await openSocket(options, cookie, html));
    }
  };
  for (let opened = 0; opened < sessions; opened += OPENED_AT_ONCE) {
    const count = Math.min(OPENED_AT_ONCE, sessions - opened);
    await Promise.all(Array.from({ length: count }, open));
  }
  return listeners;
}

/** Opens sockets of the bare object that holds all of them. */
export async function openDirect(origin: string, count: number, told: Told): Promise<readonly Listener[]> {
  const listeners: Listener[] = [];
  while (listeners.length < count)
    listeners.push(await Listener.open(`${origin}/bench/direct?name=crowd`, {}, told));
  return listeners;
}

async function openSocket(
  { origin, path, told }: AudienceOptions,
  cookie: string,
  html: string,
): Promise<Listener> {
  const headers = { Cookie: cookie, Origin: origin, "Sec-WebSocket-Protocol": SUBPROTOCOL };
  const listener = await Listener.open(origin + SOCKET_PATH, headers, told);
  const [, state = ""] = new RegExp(`${ATTRIBUTES.state}="(.+?)"`).exec(html) ?? [];
  await listener.hello(encode(["h", PROTOCOL_VERSION, newTabId(), 0, 1, path, state]));
  return listener;
}
