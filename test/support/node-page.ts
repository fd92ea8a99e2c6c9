import { Consumer } from "../../client/consumer.ts";
import { rememberPlaces } from "../../client/topic-places.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { ATTRIBUTES } from "../../src/protocol/names.ts";

/** A page without a browser: what a GET said of it, the client's own connection, and what came over it. */
export class NodePage {
  readonly consumer: Consumer;
  /** The kinds of updates since {@link forget}; what begins with no word is a patch. */
  updates: Update[] = [];
  /** When its sockets opened, in milliseconds of the process. */
  opened: number[] = [];
  readonly #changed = new Set<() => void>();
  readonly #positions: Record<string, string> = {};
  #state: string | undefined;

  /** @param received told of every frame as it comes */
  constructor(url: string, html: string, cookie: string, received: (text: string) => void = () => {}) {
    this.#state = html.match(new RegExp(`${ATTRIBUTES.state}="([^"]*)"`))?.[1];
    // Node's own takes headers in place of the subprotocol, which the type of browsers does not know.
    const open = (to: string, protocol: string) => {
      const socket = new WebSocket(to, optionsOf(protocol, url, cookie));
      socket.addEventListener("message", ({ data }) => received(String(data)));
      return socket;
    };
    this.consumer = new Consumer(
      {
        prepare: () => undefined,
        update: (updates) => {
          rememberPlaces(updates, this.#positions);
          if (updates.some(([kind]) => kind !== "op" && kind !== "at")) this.#state = "";
          this.updates.push(...updates);
          this.#tell();
        },
        state: () => this.#state,
        positions: () => this.#positions,
        stateChanged: (state) => {
          if (state === "online") this.opened.push(performance.now());
          this.#tell();
        },
        pendingChanged: () => {},
        welcomed: () => this.#tell(),
        outdated: () => {
          throw new Error("The page is outdated");
        },
      },
      {
        open,
        later: (milliseconds, run) => {
          const timer = setTimeout(run, milliseconds);
          return () => clearTimeout(timer);
        },
        random: Math.random,
        pageUrl: () => url,
        storage: { read: () => null, write: () => {} },
        now: Date.now,
      },
    );
    this.consumer.connect();
  }

  /** A visitor's page, loaded with their cookie. */
  static async load(url: string, cookie: string): Promise<NodePage> {
    const response = await fetch(url, { headers: { Cookie: cookie } });
    return new NodePage(url, await response.text(), cookie);
  }

  /** Settles when the page is as wanted. */
  async until(isSo: (page: NodePage) => boolean): Promise<void> {
    if (isSo(this)) return;
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo(this)) return;
        this.#changed.delete(look);
        resolve();
      };
      this.#changed.add(look);
    });
  }

  /** Begins to note anew. */
  forget(): void {
    this.updates = [];
    this.opened = [];
  }

  leave(): void {
    this.consumer.leave(true);
  }

  #tell(): void {
    for (const look of this.#changed) look();
  }
}

/** The cookie of a new visitor, as later requests send it. */
export async function newCookie(url: string): Promise<string> {
  const response = await fetch(url);
  await response.text();
  const [pair = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
  return pair;
}

function optionsOf(protocol: string, url: string, cookie: string): string {
  const options = { protocols: protocol, headers: { Cookie: cookie, Origin: new URL(url).origin } };
  return options as unknown as string;
}
