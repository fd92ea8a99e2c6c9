import { exports } from "cloudflare:workers";
import { readReply } from "../../client/replies.ts";
import { encodeCall } from "../../src/protocol/call-codec.ts";
import type { CallDetail, DoneFrame, ServerFrame, Update } from "../../src/protocol/messages.ts";
import { BEFORE_PARAM, PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from "../../src/protocol/names.ts";

/** The site under test, as its visitors name it. */
export const ORIGIN = "https://site.example";

/** A request to the Worker under test, as a browser on its own site makes it. */
export function visit(path: string, init?: RequestInit): Promise<Response> {
  return exports.default.fetch(new Request(new URL(path, ORIGIN), { redirect: "manual", ...init }));
}

/** The cookie of a new visitor, as the header that later requests send. */
export async function newCookie(): Promise<string> {
  const response = await visit("/");
  // A body that nobody reads keeps its object from being evicted.
  await response.text();
  const [pair = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
  return pair;
}

/** The object of a visitor's session. */
export async function objectOf({ cookie }: Pick<Tab, "cookie">): Promise<DurableObjectStub> {
  const name = await (await visit("/id", { headers: { Cookie: cookie } })).text();
  return exports.SessionObject.getByName(name);
}

/** What a page says of itself as it was loaded. */
export function stateIn(page: string): string {
  return /data-reflex-page="(.*?)"/.exec(page)?.[1] ?? "";
}

/** Loads a page, and opens the tab that shows it, as a browser does. */
export async function load(url: string, cookie?: string, hello: Partial<TabHello> = {}): Promise<Tab> {
  const own = cookie ?? (await newCookie());
  const page = await (await visit(url, { headers: { Cookie: own } })).text();
  return await Tab.open(url, own, { state: stateIn(page), ...hello });
}

/** Asks for a socket; `headers` replace what a browser would send. */
export function upgrade(
  cookie: string,
  headers: Record<string, string | undefined> = {},
  before = "",
): Promise<Response> {
  const sent = {
    Upgrade: "websocket",
    Origin: ORIGIN,
    "Sec-WebSocket-Protocol": SUBPROTOCOL,
    Cookie: cookie,
    ...headers,
  };
  const present = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return visit(`${SOCKET_PATH}?${BEFORE_PARAM}=${before}`, { headers: present });
}

/** A reply, taken apart. */
export interface Reply {
  readonly number: number;
  /** `"done"`, how else it ended, or why the call was refused. */
  readonly outcome: string;
  /** Without the templates that the tab had to learn first. */
  readonly updates: readonly Update[];
  /** What the action handed to its caller. */
  readonly payload?: unknown;
  /** What the server's log calls a call that was refused. */
  readonly id?: string;
  readonly frame: ServerFrame;
}

/** What a hello says beside the address. */
export interface TabHello {
  readonly tab: string;
  readonly seen: number;
  readonly low: number;
  readonly state: string;
  /** Places in topics, by their keys. */
  readonly positions: Readonly<Record<string, string>>;
  /** Of the protocol. */
  readonly version: number;
}

/** The name of a page load that there was not yet. */
export function newTabId(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 12);
}

/** One open page: the raw socket, with its frames and its end as promises. */
export class Tab {
  readonly cookie: string;
  readonly socket: WebSocket;
  /** Every frame received, in order. */
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  #lastNumber = 0;
  #waiting: (() => void)[] = [];

  constructor(cookie: string, socket: WebSocket) {
    this.cookie = cookie;
    this.socket = socket;
    socket.addEventListener("message", ({ data }) => this.#received(String(data)));
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
    socket.accept();
  }

  /**
   * Opens a tab that has not told its location.
   *
   * @param before the page load that the browser tab showed before
   */
  static async connect(cookie: string, before = ""): Promise<Tab> {
    const { webSocket } = await upgrade(cookie, {}, before);
    if (webSocket === null) throw new Error("The upgrade was refused");
    return new Tab(cookie, webSocket);
  }

  /** Opens a tab that shows `url`, of the visitor with that cookie or of a new one. */
  static async open(url = "/", cookie?: string, hello: Partial<TabHello> = {}): Promise<Tab> {
    const tab = await Tab.connect(cookie ?? (await newCookie()));
    tab.hello(url, hello);
    return tab;
  }

  /** Says where the tab stands, as the first frame of its socket. */
  hello(url: string, hello: Partial<TabHello> = {}): void {
    const { tab = newTabId(), seen = 0, low = 1, state, positions, version = PROTOCOL_VERSION } = hello;
    this.#lastNumber = low - 1;
    const frame = ["h", version, tab, seen, low, url];
    if (positions !== undefined) this.send([...frame, state ?? "", positions]);
    else this.send(state === undefined ? frame : [...frame, state]);
  }

  /** The updates of frames that no call of this tab asked for, in order. */
  get pushes(): readonly (readonly Update[])[] {
    // To clients of the version before, a push has neither number nor digest.
    const updatesOf = (frame: readonly unknown[]) => frame.slice(typeof frame[1] === "number" ? 3 : 1);
    return this.frames.flatMap((frame) => (frame[0] === "p" ? [withoutTemplates(updatesOf(frame))] : []));
  }

  send(frame: readonly unknown[]): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** Waits until something holds that frames bring about. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Calls an action and waits for its reply. `detail` may be what no client would send. */
  async call(target: string, detail: { readonly [Key in keyof CallDetail]: unknown } = {}): Promise<Reply> {
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    this.callAs(number, target, detail);
    return await this.reply(number);
  }

  /** Sends a call of that number, and does not wait. */
  callAs(number: number, target: string, detail: { readonly [Key in keyof CallDetail]: unknown } = {}): void {
    this.socket.send(`[${number},${encodeCall(target, detail as CallDetail)}]`);
  }

  /** The reply to a call of that number, when it is there. */
  async reply(number: number): Promise<Reply> {
    const find = () =>
      this.frames.find((frame) => frame[0] === number || (frame[0] === "e" && frame[1] === number));
    await this.until(() => find() !== undefined);
    const frame = find();
    if (frame?.[0] === "e")
      return { number, outcome: frame[2], updates: [], id: frame[4], payload: frame[5], frame };
    const { outcome = "done", payload, updates } = readReply((frame ?? [number]) as DoneFrame);
    return { number, outcome, payload, updates: withoutTemplates(updates), frame: frame ?? [number] };
  }

  /** The text of `#count` on the page as the server renders it now. */
  async count(): Promise<string> {
    const page = await (await visit("/", { headers: { Cookie: this.cookie } })).text();
    return /<p id="count">(.*?)<\/p>/.exec(page)?.[1] ?? page;
  }

  #received(text: string): void {
    this.frames.push(JSON.parse(text));
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}

function withoutTemplates(updates: readonly unknown[]): readonly Update[] {
  // What follows the head of a frame is its updates.
  return (updates as readonly Update[]).filter(([kind]) => kind !== "template");
}
