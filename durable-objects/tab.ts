import { encode } from "../src/protocol/codec.ts";
import { LIMITS } from "../src/protocol/limits.ts";
import type { ServerFrame, Update } from "../src/protocol/messages.ts";
import type { WireTemplate } from "../src/render/wire.ts";
import type { PageCause, Shown, TurnDone } from "../src/turn/turn-end.ts";
import { type LastTurn, readAttachment, type TabAttachment, writeAttachment } from "./tab-attachment.ts";

/**
 * One open page of the session: its socket, and what is known of what it shows. The socket remembers what is needed
 * to find the rest again; the render itself is kept in memory alone.
 */
export class Tab {
  readonly socket: WebSocket;
  /** What the tab shows, as far as it is at hand. */
  shown: Shown | undefined;
  /** The addresses that the tab waits to have restored. */
  readonly restoring = new Set<string>();
  #kept: TabAttachment;
  #last: LastTurn | undefined;
  readonly #templates: Set<string>;
  /** Of those, the latest, as the socket remembers them. */
  #keptTemplates: string;
  #url: URL | undefined;
  #request: Request | undefined;

  constructor(socket: WebSocket, kept: TabAttachment) {
    this.socket = socket;
    this.#kept = kept;
    this.#last = kept.last;
    this.#templates = new Set(kept.templates.split(","));
    this.#keptTemplates = kept.templates;
  }

  /** `undefined` for a socket that remembers nothing: of a version of this code that is not understood any more. */
  static of(socket: WebSocket): Tab | undefined {
    const kept = readAttachment(socket);
    return kept && new Tab(socket, kept);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** A request for a page as the tab's browser would make it. Made once for an address: its headers cost most of a turn. */
  requestFor({ href }: URL): Request {
    if (this.#request?.url === href) return this.#request;
    const headers = [...this.#kept.headers, ["Accept", "text/html"]].map(([name = "", value = ""]) => [
      name,
      value,
    ]);
    this.#request = new Request(href, { headers });
    return this.#request;
  }

  /** The address of the page that the tab shows; absent until it has said. */
  get url(): URL | undefined {
    const { url, origin } = this.#kept;
    if (url !== undefined) this.#url ??= new URL(url, origin);
    return this.#url;
  }

  /** Path and query of the same. */
  get path(): string | undefined {
    return this.#kept.url;
  }

  /** Stands for what the tab shows, when the render is not at hand. */
  get digest(): string | undefined {
    return this.#kept.digest;
  }

  /** What the page is told when no call of this tab causes its render. */
  get last(): LastTurn | undefined {
    return this.#last;
  }

  /** The tab has said where it is. */
  locate(path: string, digest: string | undefined): void {
    const { origin, headers, templates } = this.#kept;
    this.shown = undefined;
    this.#last = undefined;
    this.#url = undefined;
    this.#keep({
      version: 2,
      origin,
      headers,
      templates,
      url: path,
      ...(digest === undefined ? {} : { digest }),
    });
  }

  /**
   * Sends what a turn came to, and remembers what the tab shows from then on.
   *
   * @param head the number of the call that this answers; `"p"`: none
   * @param cause the call behind the turn's assigns, if it was one of this tab
   */
  bring(head: number | "p", end: TurnDone, cause?: PageCause): void {
    if (head !== "p" || end.updates.length > 0) this.#send(head, end.updates, end.templates);
    if (end.assigns !== undefined && cause !== undefined) this.#last = { assigns: end.assigns, cause };
    this.show(end.shown);
  }

  /** Answers a call of a tab that has moved on: of all that was rendered for it, it is only told to go elsewhere. */
  leave(number: number, { updates }: TurnDone): void {
    this.send([number, ...updates.filter(([kind]) => kind === "visit")]);
  }

  /** Remembers what the tab shows, without a word to it. */
  show(shown: Shown | undefined): void {
    this.shown = shown;
    const { digest: _, last: __, ...kept } = this.#kept;
    this.#keep({
      ...kept,
      templates: this.#keptTemplates,
      ...(shown === undefined ? {} : { digest: shown.digest.toString() }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
    });
  }

  send(frame: ServerFrame): void {
    // A tab that left while its call ran gets no answer; the call itself stands.
    if (this.isOpen) this.socket.send(encode(frame));
  }

  /** Templates travel once for a connection. */
  #send(head: number | "p", updates: readonly Update[], templates: readonly WireTemplate[]): void {
    const news = templates.filter(({ name }) => !this.#templates.has(name));
    for (const { name } of news) this.#templates.add(name);
    if (news.length > 0) this.#keptTemplates = [...this.#templates].slice(-LIMITS.keptTemplates).join();
    const told = news.map(({ name, pieces }): Update => ["template", name, ...pieces]);
    this.send([head, ...told, ...updates]);
  }

  #keep(kept: TabAttachment): void {
    this.#kept = kept;
    if (this.isOpen) writeAttachment(this.socket, kept);
  }
}
