import type { Update } from "../src/protocol/messages.ts";
import { type Delivery, type Item, type Position, positionText } from "../src/topics/topic-messages.ts";
import type { SessionRegions } from "./session-regions.ts";
import type { SessionTopic } from "./session-topic.ts";
import type { TabTopic } from "./tab-topics.ts";
import { changedUpdate, stepsOf } from "./topic-items.ts";
import { placeUpdate, type TopicTab, type TopicTabs } from "./topic-tab.ts";

/** What a tab is sent of a topic, and from where to where that brings it. */
interface Sent {
  readonly from: Position | undefined;
  readonly to: Position;
  readonly updates: readonly Update[];
  readonly setBacks?: number;
}

/** What tabs that rest on topics are told. */
export class TopicTelling<Tab extends TopicTab> {
  readonly #tabs: TopicTabs<Tab>;
  readonly #regions: SessionRegions<Tab>;
  readonly #authorOf: (tab: Tab) => string | undefined;

  /** `authorOf`: what names a tab among those that touch topics. */
  constructor(
    tabs: TopicTabs<Tab>,
    regions: SessionRegions<Tab>,
    authorOf: (tab: Tab) => string | undefined,
  ) {
    this.#tabs = tabs;
    this.#regions = regions;
    this.#authorOf = authorOf;
  }

  /**
   * What was published goes to a tab that rests on the topic, as far as it was not told of it. Resolves with what is rendered for
   * that. Rejects where the topic cannot be asked for what the tab has missed before.
   */
  async tell(tab: Tab, topic: SessionTopic, delivery: Delivery): Promise<readonly Promise<void>[]> {
    const position = tab.topics.all.get(topic.name)?.position;
    // What has begun meanwhile is told its place when its own turn comes.
    if (position === undefined || this.#misses(tab)) return [];
    const isNext = position.epoch !== delivery.epoch || delivery.from <= position.seq;
    if (isNext || delivery.items === undefined) return this.#apply(tab, topic, delivery);
    const missed = await topic.since(position);
    // It has come back meanwhile with another place, or was set back: that is not what was asked for.
    if (tab.topics.all.get(topic.name)?.position !== position) return await this.tell(tab, topic, delivery);
    return this.#apply(tab, topic, missed);
  }

  /**
   * A tab rests on a topic that has come to a place: it is told what it has missed, or, if it was told of no place yet, that place.
   * Rejects as {@link tell}.
   */
  async bring(tab: Tab, topic: SessionTopic, position: Position): Promise<void> {
    const entry = tab.topics.all.get(topic.name);
    if (entry === undefined || this.#misses(tab)) return;
    const { position: told } = entry;
    if (told !== undefined) {
      this.#tellPlace(tab, topic, entry, told);
      if (told.epoch === position.epoch && told.seq === position.seq) return;
      const missed = await topic.since(told);
      const isStill = tab.topics.all.get(topic.name) === entry && entry.position === told;
      if (!isStill) return await this.bring(tab, topic, position);
      // What the topic has not told yet no page was told, whatever its client says.
      if (missed.epoch === told.epoch && missed.to < told.seq) entry.position = undefined;
      this.#apply(tab, topic, missed);
      return;
    }
    entry.position = position;
    this.#send(tab, topic, { from: undefined, to: position, updates: [] });
    tab.keepTopics();
  }

  /** A tab's page may have been rendered before the last of what was published, and its elements with it. */
  makeGood(tab: Tab, topic: SessionTopic): void {
    const { page, position, streams } = tab.topics.all.get(topic.name) ?? {};
    // Of a page that shows the topic's region, nothing else changes with the topic but who is present.
    const isRendered = page !== undefined && (page.region === undefined || page.presence !== undefined);
    if (isRendered || streams?.has("stream")) void this.#tabs.refresh(tab);
    if (position !== undefined && streams?.has("updates"))
      this.#send(tab, topic, { from: undefined, to: position, updates: [changedUpdate(topic.key)] });
  }

  #apply(tab: Tab, topic: SessionTopic, { epoch, to, items }: Delivery): readonly Promise<void>[] {
    const { name, key } = topic;
    const entry = tab.topics.all.get(name);
    if (entry === undefined) return [];
    const { position } = entry;
    if (position?.epoch === epoch && position.seq >= to) return [];
    if (position !== undefined) this.#tellPlace(tab, topic, entry, position);
    entry.position = { epoch, seq: to };
    if (items === undefined || position?.epoch !== epoch) return this.#applyAfresh(tab, topic, entry);
    const news = items.filter(({ seq }) => seq > position.seq);
    const rendered: Promise<void>[] = [];
    const { setBacks = 0 } = entry;
    let from: Position = position;
    for (const { isRefresh, changes, updates, seq } of stepsOf(news, {
      topic: entry,
      key,
      author: this.#authorOf(tab),
    })) {
      if (isRefresh) rendered.push(this.#tabs.refresh(tab));
      if (changes.length > 0) this.#change(tab, name, changes);
      if (updates.length === 0) continue;
      const step = { epoch, seq };
      this.#send(tab, topic, { from, to: step, updates, setBacks });
      // Where this was sent and the next step cannot be, only that is told again.
      from = step;
    }
    tab.keepTopics();
    return rendered;
  }

  /** What a tab was to be sent with its place, and could not be. */
  #tellPlace(tab: Tab, topic: SessionTopic, entry: TabTopic, to: Position): void {
    if (!entry.isUntold || !tab.isOpen) return;
    entry.isUntold = false;
    const updates = entry.streams.has("updates") ? [changedUpdate(topic.key)] : [];
    this.#send(tab, topic, { from: undefined, to, updates });
  }

  /** Behind what the tab is to be brought up to date with, as what it is sent. */
  #change(tab: Tab, name: string, changes: readonly Item[]): void {
    this.#tabs.behind(tab, () => {
      this.#regions.take(tab, name, changes);
      tab.keepTopics();
    });
  }

  /** What was published is not at hand any more: the page shows it all the same, once it is rendered. */
  #applyAfresh(
    tab: Tab,
    topic: SessionTopic,
    { page, position, streams }: TabTopic,
  ): readonly Promise<void>[] {
    const isForElementsOnly = page === undefined && !streams.has("stream");
    const rendered = isForElementsOnly ? [] : [this.#tabs.refresh(tab)];
    if (page?.region !== undefined) void this.#regions.settle(tab, topic.name);
    const updates = streams.has("updates") ? [changedUpdate(topic.key)] : [];
    if (position !== undefined) this.#send(tab, topic, { from: undefined, to: position, updates });
    tab.keepTopics();
    return rendered;
  }

  /**
   * Behind what the tab is to be brought up to date with. What it cannot be sent then, it has missed.
   *
   * @param sent `setBacks`: how often its place was set back when the first of what belongs together was sent; absent for what is alone
   */
  #send(tab: Tab, { name, key }: SessionTopic, sent: Sent): void {
    const { from, to, updates } = sent;
    const place = tab.takesPlaces ? [placeUpdate(key, positionText(to))] : [];
    const entry = tab.topics.all.get(name);
    const setBacks = sent.setBacks ?? entry?.setBacks ?? 0;
    this.#tabs.behind(tab, () => {
      // What lies behind something that it has missed is told again with that.
      if (entry === undefined || tab.topics.all.get(name) !== entry || (entry.setBacks ?? 0) !== setBacks)
        return;
      if (tab.isOpen && !tab.isBehind) return tab.sendNow([...place, ...updates]);
      entry.position = from ?? to;
      entry.isUntold ||= from === undefined;
      entry.setBacks = setBacks + 1;
      this.#misses(tab);
      tab.keepTopics();
    });
  }

  /** True for a tab that is told nothing, since it does not read: that it lacks something is remembered through a sleep. */
  #misses(tab: Tab): boolean {
    if (!tab.isBehind) return false;
    if (!tab.hasMissed) {
      tab.hasMissed = true;
      tab.keepTopics();
    }
    return true;
  }
}
