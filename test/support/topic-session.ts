import { SessionTopics } from "../../durable-objects/session-topics.ts";
import { StaleTabs } from "../../durable-objects/stale-tabs.ts";
import { TabTopics } from "../../durable-objects/tab-topics.ts";
import type { TopicTab } from "../../durable-objects/topic-tab.ts";
import type { Update } from "../../src/protocol/messages.ts";
import type { Delivery, Receipt, Subscriber, SubscriberName } from "../../src/topics/topic-messages.ts";
import { TurnQueue } from "../../src/turn/turn-queue.ts";
import type { TopicWorld } from "./topic-world.ts";

/** A page in a browser: what it was sent and has carried out, and what it remembers of that. */
export class TopicPage {
  /** The numbers of the operations that it has carried out, in order. */
  readonly operations: string[] = [];
  /** How many publications there were when what it shows was rendered. */
  renderedAt: number;
  /** Its places, by the keys of topics; the first, and the last that it was told. */
  readonly positions = new Map<string, string>();
  first: string | undefined;
  /** How many frames it has received. */
  seen = 0;
  readonly topics: readonly string[];

  constructor(topics: readonly string[], renderedAt: number) {
    this.topics = topics;
    this.renderedAt = renderedAt;
  }

  receive(updates: readonly Update[]): void {
    this.seen += 1;
    for (const update of updates) {
      if (update[0] === "at") {
        this.positions.set(String(update[1]), String(update[2]));
        this.first ??= String(update[2]);
      } else if (update[0] === "op") this.operations.push(String((update[2] as { value: unknown }).value));
    }
  }
}

/** A tab of a session: its page is at the other end of a socket that may be lost. */
export class PageTab implements TopicTab {
  readonly id: string;
  readonly page: TopicPage;
  readonly takesPlaces = true;
  isOpen = true;
  isBehind = false;
  hasMissed = false;
  readonly restoring = new Set<string>();
  topics = new TabTopics();
  /** The frames of this life of the object, with the number of the first. */
  readonly #sent: (readonly Update[])[] = [];
  readonly #from: number;
  kept: TabTopics["kept"];

  constructor(id: string, page: TopicPage) {
    this.id = id;
    this.page = page;
    this.#from = page.seen;
  }

  sendNow(updates: readonly Update[]): void {
    this.#sent.push(updates);
    if (this.isOpen) this.page.receive(updates);
  }

  tellRegion(): void {
    throw new Error("The pages of these laws show no regions");
  }

  /** Sends again what the page has missed. */
  replay(): void {
    for (const updates of this.#sent.slice(this.page.seen - this.#from)) this.page.receive(updates);
  }

  keepTopics(): void {
    if (this.isOpen) this.kept = this.topics.kept;
  }

  /** The same after a sleep. */
  woken(): PageTab {
    const tab = new PageTab(this.id, this.page);
    tab.kept = this.kept;
    tab.topics = new TabTopics(this.kept);
    // Of what was sent before a sleep nobody knows whether it was read.
    tab.hasMissed = this.hasMissed;
    this.isOpen = false;
    return tab;
  }
}

/** The part of a session that follows topics, in lives that end and begin again. */
export class TopicSession implements Subscriber {
  readonly name: string;
  readonly #world: TopicWorld;
  tabs: PageTab[] = [];
  #topics: SessionTopics<PageTab>;
  #stale: StaleTabs<PageTab>;
  #life = 0;
  /** How often it was told something. */
  deliveries = 0;
  readonly logged: unknown[] = [];
  /** Subscriptions that are being ended. */
  #leaving = 0;
  /** What is under way: an object that waits for anything does not sleep. */
  #busy = 0;

  constructor(world: TopicWorld, name: string) {
    this.#world = world;
    this.name = name;
    world.subscribers.set(name, this);
    [this.#topics, this.#stale] = this.#begin();
  }

  /** A browser loads a page and opens its socket. */
  open(id: string, topics: readonly string[]): PageTab {
    const at = this.#topics.now;
    const tab = new PageTab(id, new TopicPage(topics, this.#world.published.length));
    this.tabs.push(tab);
    this.#topics.moved(tab, new Map());
    this.#rests(tab, at);
    return tab;
  }

  /** The socket is lost, and the tab may come back. */
  drop(tab: PageTab): void {
    tab.isOpen = false;
  }

  /** It comes back, to a session that knows it. */
  back(tab: PageTab): void {
    if (tab.isOpen) return;
    tab.isOpen = true;
    tab.isBehind = false;
    tab.replay();
    this.#topics.catchUp(tab);
    this.#made(tab);
  }

  /** The page reads, or does not, what it is sent. */
  read(tab: PageTab, isReading: boolean): void {
    tab.isBehind = !isReading;
    if (tab.isBehind) return;
    if (tab.hasMissed || this.#topics.hasMissed(tab)) this.#topics.catchUp(tab);
    this.#made(tab);
  }

  /** The page is left. */
  leave(tab: PageTab): void {
    tab.isOpen = false;
    this.tabs = this.tabs.filter((other) => other !== tab);
    this.#topics.left(tab);
  }

  /** The object sleeps, if it waits for nothing; its sockets stay. Tabs without one are forgotten, and given back. */
  sleep(): readonly PageTab[] {
    if (this.#busy > 0) return [];
    const gone = this.tabs.filter(({ isOpen }) => !isOpen);
    this.tabs = this.tabs.filter(({ isOpen }) => isOpen).map((tab) => tab.woken());
    this.#life += 1;
    [this.#topics, this.#stale] = this.#begin();
    return gone;
  }

  /**
   * The object ends with its sockets; its pages come back one by one, and say where they are. Not while it ends a subscription: that
   * call may come behind the subscription of its next life, and a topic cannot tell.
   */
  crash(): readonly PageTab[] {
    if (this.#leaving > 0) return [];
    const gone = this.tabs;
    for (const tab of gone) tab.isOpen = false;
    this.tabs = [];
    this.#life += 1;
    [this.#topics, this.#stale] = this.#begin();
    return gone;
  }

  /** A page comes back to an object that knows nothing of it. */
  greet({ id, page }: PageTab): PageTab {
    const tab = new PageTab(id, page);
    this.tabs.push(tab);
    this.#topics.moved(tab, page.positions);
    // Its page is rendered to find out what it shows.
    page.renderedAt = this.#world.published.length;
    this.#rests(tab, this.#topics.now);
    return tab;
  }

  async deliver(delivery: Delivery): Promise<Receipt> {
    this.deliveries += 1;
    return await this.#whileBusy(this.#topics.deliver(delivery));
  }

  async attest(topic: string): Promise<number> {
    return this.#topics.attest(topic);
  }

  async #whileBusy<Result>(work: Promise<Result>): Promise<Result> {
    const life = this.#life;
    this.#busy += 1;
    try {
      return await work;
    } finally {
      if (life === this.#life) this.#busy -= 1;
    }
  }

  #made(tab: PageTab): void {
    if (tab.hasMissed) void this.#stale.add(tab);
    tab.hasMissed = false;
  }

  #rests(tab: PageTab, at: number): void {
    this.#topics.rests(tab, { subscribed: new Map(tab.page.topics.map((name) => [name, {}])), at });
  }

  async #render(tab: PageTab): Promise<void> {
    if (!tab.isOpen || tab.isBehind) {
      tab.hasMissed = true;
      return;
    }
    const at = this.#topics.now;
    const renderedAt = this.#world.published.length;
    await this.#world.time.sleep(Math.floor(this.#world.random() * 20));
    if (!this.tabs.includes(tab)) return;
    if (tab.isOpen) tab.page.renderedAt = renderedAt;
    else tab.hasMissed = true;
    this.#rests(tab, at);
  }

  #begin(): [SessionTopics<PageTab>, StaleTabs<PageTab>] {
    const life = this.#life;
    this.#busy = 0;
    const session = this;
    const stale = new StaleTabs<PageTab>({
      queue: new TurnQueue(),
      refresh: (tab) => this.#render(tab),
      rested: () => {},
      waitUntil: (turn) => void this.#whileBusy(turn),
    });
    const topics = new SessionTopics<PageTab>({
      reach: {
        subscriber: { kind: "session", name: this.name },
        at: (node) => {
          // An object that has ended asks nobody any more.
          if (life !== this.#life) throw new Error("The object has ended");
          const peer = this.#world.nodeAt(node);
          return Object.assign(Object.create(peer), {
            unsubscribe: async (name: SubscriberName) => {
              this.#leaving += 1;
              await peer.unsubscribe(name).finally(() => {
                this.#leaving -= 1;
              });
            },
          });
        },
        region: () => undefined,
        timer: (milliseconds, run) => {
          const wait = Promise.withResolvers<void>();
          void this.#whileBusy(wait.promise);
          const cancel = this.#world.time.later(milliseconds, () => {
            wait.resolve();
            if (life === this.#life) run();
          });
          return () => {
            wait.resolve();
            cancel();
          };
        },
        now: () => this.#world.time.now,
      },
      askRegion: () => Promise.reject(new Error("The pages of these laws show no regions")),
      tabs: {
        get open() {
          return life === session.#life ? session.tabs.filter(({ isOpen }) => isOpen) : [];
        },
        get away() {
          return life === session.#life ? session.tabs.filter(({ isOpen }) => !isOpen) : [];
        },
        refresh: (tab) => stale.add(tab),
        behind: (tab, run) => stale.behind(tab, run),
      },
      hasEnded: () => life !== this.#life,
      authorOf: () => undefined,
      presence: { follow: () => {}, changed: () => {}, closed: () => {}, end: () => {} },
      random: this.#world.random,
      waitUntil: (work) => void this.#whileBusy(work),
      log: (topic, cause) => this.logged.push([topic, cause]),
    });
    return [topics, stale];
  }
}
