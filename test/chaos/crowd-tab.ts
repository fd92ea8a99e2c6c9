import type { Update } from "../../src/protocol/messages.ts";
import { ATTRIBUTES } from "../../src/protocol/names.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import { NodePage } from "../support/node-page.ts";

/** What an operation of the crowd says: where, by whom, and which of theirs it is. */
export type Said = readonly [topic: string, who: string, n: number];

/** An open page of the crowd, in a browser or without one. */
export interface CrowdTab {
  readonly name: string;
  /** Whose it is: the same for all tabs of a session. */
  readonly who: string;
  /** What its page rests on. */
  readonly topics: readonly string[];
  /** Calls an action. Resolves with the outcome, or the code of the error. */
  call(target: string, ...args: readonly unknown[]): Promise<string>;
  /** What it was told by operations, in their order. */
  heard(): Promise<readonly Said[]>;
  /** What it shows, and what a fresh request is answered; `undefined` when those are the same. */
  difference(): Promise<readonly [shown: string, fresh: string] | undefined>;
  /** Whom it shows as present, each with the number of tabs; `undefined` while that is not known. */
  present(): Promise<readonly string[] | undefined>;
  /** Is gone for good. */
  leave(): Promise<void>;
}

/** Where a tab is that has no browser. */
export interface CrowdPlace {
  readonly name: string;
  /** Whose it is. */
  readonly who: string;
  /** Of the site. */
  readonly origin: string;
  readonly cookie: string;
  readonly topics: readonly string[];
}

/** The address of somebody's page that rests on these topics. */
export function crowdPath({ who, topics }: Pick<CrowdPlace, "who" | "topics">): string {
  return `/crowd?who=${who}&topics=${topics.join(",")}`;
}

/**
 * A page of the crowd without a browser: the client's own connection, which notes what it is told. What it shows is known by the
 * digest that each push brings; whether patches do to a page what they should is told by the tabs that have one.
 */
export class SocketTab implements CrowdTab {
  readonly name: string;
  readonly who: string;
  readonly topics: readonly string[];
  readonly #page: NodePage;
  readonly #url: string;
  readonly #cookie: string;
  /** What the page shows, as far as its last update has said so. */
  #digest: string;
  /** Frames that were taken in their order, to be read when they are asked for. */
  readonly #heard: Said[] = [];
  #read = 0;

  private constructor(place: CrowdPlace, html: string) {
    this.name = place.name;
    this.who = place.who;
    this.topics = place.topics;
    this.#url = place.origin + crowdPath(place);
    this.#cookie = place.cookie;
    this.#digest = digestIn(html);
    this.#page = new NodePage(this.#url, html, place.cookie, (text) => this.#noteFrame(text));
  }

  /** Loads the page, and opens its socket. */
  static async open(place: CrowdPlace): Promise<SocketTab> {
    const html = await load(place.origin + crowdPath(place), place.cookie);
    const tab = new SocketTab(place, html);
    await tab.#page.until(({ consumer }) => consumer.state === "online");
    return tab;
  }

  /** Resolves when it was told its places: what it is told of topics counts from there. */
  async settled(): Promise<void> {
    const keys = this.topics.map(topicKey);
    await this.#page.until(({ updates }) =>
      keys.every((key) => updates.some((update) => update[0] === "at" && update[1] === key)),
    );
  }

  async call(target: string, ...args: readonly unknown[]): Promise<string> {
    const calling = this.#page.consumer.call(target, { args });
    return await calling.then(
      ({ outcome }) => outcome,
      (error: unknown) => String(Reflect.get(Object(error), "code") ?? error),
    );
  }

  async heard(): Promise<readonly Said[]> {
    const { updates } = this.#page;
    for (; this.#read < updates.length; this.#read += 1) {
      const said = saidBy(updates[this.#read] as Update);
      if (said !== undefined) this.#heard.push(said);
    }
    return this.#heard;
  }

  async difference(): Promise<readonly [shown: string, fresh: string] | undefined> {
    const fresh = digestIn(await load(this.#url, this.#cookie));
    return fresh === this.#digest ? undefined : [`${this.name}: digest ${this.#digest}`, `digest ${fresh}`];
  }

  /** Known where a fresh page has the same digest. */
  async present(): Promise<readonly string[] | undefined> {
    const html = await load(this.#url, this.#cookie);
    if (digestIn(html) !== this.#digest) return undefined;
    return Array.from(html.matchAll(/data-present="([^"]*)"/g), ([, entry = ""]) => entry);
  }

  async leave(): Promise<void> {
    this.#page.leave();
  }

  #noteFrame(text: string): void {
    // That the socket lives is no frame.
    const frame: unknown = text.startsWith("[") ? JSON.parse(text) : undefined;
    if (!Array.isArray(frame) || frame[0] === "w" || frame[0] === "e") return;
    if (frame[0] !== "p") {
      // A reply with updates does not say what the page shows then.
      if (frame.length > 1) this.#digest = "";
      return;
    }
    const [, , digest, ...updates] = frame;
    const isPage = updates.some(([kind]) => kind !== "op" && kind !== "at" && kind !== "template");
    if (digest !== "" || isPage) this.#digest = String(digest);
  }
}

/** Loads a page until the server answers: it may be down, or be starting anew. */
async function load(url: string, cookie: string): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(url, { headers: { Cookie: cookie } });
      if (response.ok) return await response.text();
      await response.body?.cancel();
    } catch (problem) {
      if (tries > 100) throw problem;
    }
    if (tries > 100) throw new Error(`${url} was not answered`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function digestIn(html: string): string {
  const [, digest = ""] = new RegExp(`${ATTRIBUTES.state}="([^"]*)-[^"-]*"`).exec(html) ?? [];
  return digest;
}

function saidBy(update: Update): Said | undefined {
  if (update[0] !== "op") return undefined;
  const options = update[2] as Readonly<Record<string, unknown>>;
  // The harness's own events have nothing else for their detail.
  return options.name === "said" ? (options.detail as Said) : undefined;
}
