import { LIMITS } from "../src/protocol/limits.ts";
import type { StreamMode } from "../src/protocol/stream-names.ts";
import type { Delivery, Position, Receipt } from "../src/topics/topic-messages.ts";
import type { Subscription } from "../src/topics/turn-topics.ts";
import { KnownTopics } from "./known-topics.ts";
import { SessionRegions } from "./session-regions.ts";
import type { SessionTopic } from "./session-topic.ts";
import type { SessionTopicsPorts } from "./session-topics-ports.ts";
import { TopicFeed } from "./topic-feed.ts";
import { forgottenUpdate } from "./topic-items.ts";
import type { TopicTab } from "./topic-tab.ts";
import { TopicTelling } from "./topic-telling.ts";

/** What a render of a page has said of its topics. */
export interface Rested {
  /** What the page rests on. */
  readonly subscribed: ReadonlyMap<string, Subscription>;
  /** {@link SessionTopics.now} as the render began. */
  readonly at: number;
  /** True for a page that a browser has loaded: it shows what was rendered, and nothing else. */
  readonly isLoaded?: true;
}

/**
 * The topics that the session's pages rest on. Subscribes once for all tabs, follows what each render of a page says, and tells
 * each tab what it has to know. Stores nothing: sockets remember the topics of their tabs, and how far those were told.
 */
export class SessionTopics<Tab extends TopicTab> {
  readonly #ports: SessionTopicsPorts<Tab>;
  readonly #topics: KnownTopics<Tab>;
  readonly #telling: TopicTelling<Tab>;
  /** The regions that the pages show. */
  readonly regions: SessionRegions<Tab>;
  readonly #feed: TopicFeed<Tab>;

  constructor(ports: SessionTopicsPorts<Tab>) {
    this.#ports = ports;
    this.#topics = new KnownTopics(ports.tabs, ports.reach);
    this.regions = new SessionRegions({
      ask: ports.askRegion,
      showing: (name) => this.#topics.restingOn(name).filter(({ topics }) => topics.showsRegion(name)),
      isFollowed: (name) => this.#topics.find(name)?.position !== undefined,
      log: ports.log,
      again: (name, cause) => {
        const topic = this.#topics.find(name);
        if (topic === undefined) ports.log(name, cause);
        else this.#putOff(topic, cause);
      },
    });
    this.#telling = new TopicTelling(ports.tabs, this.regions, ports.authorOf);
    this.#feed = new TopicFeed({
      topics: this.#topics,
      telling: this.#telling,
      regions: this.regions,
      presenceChanged: (name) => ports.presence.changed(name),
      failed: (topic, cause) => this.#putOff(topic, cause),
    });
  }

  /** Counts what the session was told. */
  get now(): number {
    return this.#feed.now;
  }

  /** A tab's page was rendered, and rests on these topics, and on no others. Never throws. */
  rests(tab: Tab, { subscribed, at, isLoaded }: Rested): void {
    const { topics } = tab;
    const { isNew, isKnown } = topics;
    topics.isNew = false;
    topics.isKnown = true;
    topics.renderedAt = at;
    // Of its elements no render says what they follow.
    if (!isKnown) tab.sendNow([forgottenUpdate()]);
    const wanted = this.#ports.hasEnded() ? new Map<string, Subscription>() : subscribed;
    const gone = [...topics.all.keys()].filter((name) => !wanted.has(name) && this.#pageLeft(tab, name));
    let isBegun = false;
    for (const [name, page] of wanted) {
      const topic = topics.all.get(name) ?? {
        position: isNew ? topics.takeTold(name) : undefined,
        streams: new Set<StreamMode>(),
      };
      const isFirst = topic.page === undefined;
      topic.page = page;
      topics.shows(name, page.region !== undefined, isLoaded && page.region);
      if (!isFirst && page.region !== undefined) void this.regions.settle(tab, name);
      if (!isFirst) continue;
      isBegun = true;
      const isTold = !topics.all.has(name) && topic.position !== undefined;
      topics.all.set(name, topic);
      // What lies behind a place that its client remembers is all that the page can have missed.
      this.#begin(tab, name, isTold ? Number.POSITIVE_INFINITY : at);
    }
    // What was told meanwhile, the page before has shown, and this one may lack it.
    for (const name of topics.takeCarried()) this.#begin(tab, name, at);
    this.#ports.presence.follow(tab);
    if (gone.length > 0 || isBegun) tab.keepTopics();
    this.#prune(isNew ? this.#topics.names : gone);
  }

  /**
   * An element of a tab's page follows a topic, whatever renders of the page say: until {@link unstream}, or until the tab has left.
   * What was published since its page was rendered is made good. Never throws; may be called again for the same.
   *
   * @param told up to where the page was told of the topic; absent where the element has not followed it before
   */
  stream(tab: Tab, name: string, mode: StreamMode, told?: Position): void {
    if (this.#ports.hasEnded()) return;
    const { topics } = tab;
    const known = topics.all.get(name);
    if (known?.streams.has(mode)) return;
    const topic = known ?? { position: topics.takeTold(name) ?? told, streams: new Set<StreamMode>() };
    topic.streams.add(mode);
    topics.all.set(name, topic);
    const isTold = known === undefined && topic.position !== undefined;
    this.#begin(tab, name, isTold ? Number.POSITIVE_INFINITY : topics.renderedAt);
    tab.keepTopics();
  }

  /** No element of a tab's page follows a topic in that way any more. Has no effect where none does. */
  unstream(tab: Tab, name: string, mode: StreamMode): void {
    const topic = tab.topics.all.get(name);
    if (topic?.streams.delete(mode) !== true) return;
    if (topic.page === undefined && topic.streams.size === 0) tab.topics.drop(name);
    tab.keepTopics();
    this.#prune([name]);
  }

  /** True for a tab that was not told all that the session was told. */
  hasMissed(tab: Tab): boolean {
    return [...tab.topics.all].some(([name, { position }]) => {
      const told = this.#topics.find(name)?.position;
      return position === undefined || told?.epoch !== position.epoch || told.seq !== position.seq;
    });
  }

  /** A tab that is known is here again, or has read what it was sent: it is told what it has missed. */
  catchUp(tab: Tab): void {
    for (const name of tab.topics.all.keys()) this.#goOn(tab, name);
  }

  /**
   * A tab shows another page, of which nothing is known yet: whatever it was told is of the one before. One that rests on the same
   * topics needs no other subscription, so nothing ends before it has said so.
   *
   * @param told where its client says that it is, by the keys of topics
   */
  moved(tab: Tab, told?: ReadonlyMap<string, string>): void {
    if (told === undefined) tab.topics.goOn();
    else tab.topics.begin(told);
  }

  /** A tab has left for good. */
  left(tab: Tab): void {
    this.moved(tab, new Map());
    this.#ports.presence.follow(tab);
    this.#prune(this.#topics.names);
  }

  /** The session has ended, and its tabs are about to be closed. */
  ended(): void {
    this.#ports.presence.end();
  }

  /** True while the session is told everything that is published in a topic. */
  isFollowed(name: string): boolean {
    return this.#topics.find(name)?.position !== undefined;
  }

  /** Tabs were closed that do not come back as they were. */
  closed(): void {
    this.#ports.presence.closed();
    this.#prune(this.#topics.names);
  }

  /** How many open tabs rest on a topic: as its node asks when it has heard nothing for long. */
  attest(name: string): number {
    const count = this.#topics.restingOn(name).length + this.#topics.unknown.length;
    if (count === 0) this.#topics.forget(name);
    else this.#topics.find(name)?.heard();
    return count;
  }

  /**
   * Tells each tab what was published, and resolves when its page shows it, or cannot. Never rejects for what one page throws, but
   * where the topic cannot be asked for what is missing: then it has to be told again.
   */
  async deliver(delivery: Delivery): Promise<Receipt> {
    const { topic: name } = delivery;
    await this.findOut();
    const topic = this.#topics.find(name);
    const rendered = await topic?.inTurn(async () => {
      if (this.#topics.restingOn(name).length === 0) this.#topics.forget(name);
      else if (await this.#feed.isToldBy(topic, delivery)) return await this.#feed.take(topic, delivery);
      return undefined;
    });
    if (rendered === undefined && this.#topics.unknown.length > 0)
      throw new Error(
        `Nobody knows whether pages rest on ${JSON.stringify(name)}: they could not be rendered`,
      );
    if (rendered === undefined) return "gone";
    // Awaited outside of its turn: what is published next may join those that still wait.
    await Promise.all(rendered);
    return "here";
  }

  /** Whoever does not remember its topics may rest on any: the pages of such tabs are rendered. Never rejects. */
  async findOut(): Promise<void> {
    await Promise.all(this.#topics.unknown.map((tab) => this.#ports.tabs.refresh(tab)));
  }

  /** What a tab has missed that was told a place is known; one that was told none may have missed anything. */
  #goOn(tab: Tab, name: string): void {
    const isTold = tab.topics.all.get(name)?.position !== undefined;
    this.#begin(tab, name, isTold ? Number.POSITIVE_INFINITY : -1);
  }

  /**
   * A tab begins to rest on a topic, or goes on: behind what is under way there, it is told where it is, or what it has missed.
   *
   * @param at what the session had counted when its page was rendered; infinite where nothing can be missing in that
   */
  #begin(tab: Tab, name: string, at: number): void {
    const topic = this.#topics.of(name);
    const begun = topic.inTurn(async () => {
      if (!tab.isOpen || !tab.topics.all.has(name)) return;
      // Forgotten meanwhile: what comes next does not come by way of this one.
      if (!this.#topics.has(topic)) return this.#begin(tab, name, at);
      try {
        const position = await this.#feed.confirm(topic);
        tab.topics.tellBy(topic.name, topic.node);
        tab.keepTopics();
        await this.#telling.bring(tab, topic, position);
        if (tab.topics.showsRegion(name)) void this.regions.settle(tab, name);
        if (topic.newsAt > at) this.#telling.makeGood(tab, topic);
      } catch (cause) {
        this.#putOff(topic, cause);
      }
    });
    this.#ports.waitUntil(begun);
  }

  /** Asks again after a wait that grows, as long as somebody rests on it. */
  #putOff(topic: SessionTopic, cause: unknown): void {
    this.#ports.log(topic.name, cause);
    topic.failures += 1;
    if (topic.isPutOff) return;
    topic.isPutOff = true;
    const longest = Math.min(LIMITS.topicRetryMs, 500 * 2 ** topic.failures);
    this.#ports.reach.timer(longest * (0.5 + this.#ports.random() / 2), () => {
      topic.isPutOff = false;
      for (const tab of this.#topics.restingOn(topic.name)) this.#goOn(tab, topic.name);
    });
  }

  /** True where nothing of the page rests on the topic any more. */
  #pageLeft(tab: Tab, name: string): boolean {
    const topic = tab.topics.all.get(name);
    if (topic === undefined) return false;
    topic.page = undefined;
    if (topic.streams.size > 0) return false;
    tab.topics.drop(name);
    return true;
  }

  /** Ends the subscriptions to those of these topics on which no tab rests any more, nor one that may come back. */
  #prune(names: readonly string[]): void {
    for (const name of names) {
      const topic = this.#topics.find(name);
      if (topic === undefined || this.#topics.isWanted(name)) continue;
      const left = topic.inTurn(async () => {
        if (this.#topics.isWanted(name) || !this.#topics.has(topic)) return;
        if (topic.position !== undefined) await topic.leave().catch((cause) => this.#ports.log(name, cause));
        // Somebody may have come meanwhile, and waits behind this.
        if (!this.#topics.isWanted(name)) this.#topics.forget(name);
      });
      this.#ports.waitUntil(left);
    }
  }
}
