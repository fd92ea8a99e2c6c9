import type { Delivery, Position } from "../src/topics/topic-messages.ts";
import type { KnownTopics } from "./known-topics.ts";
import type { SessionRegions } from "./session-regions.ts";
import type { SessionTopic } from "./session-topic.ts";
import type { TopicTab } from "./topic-tab.ts";
import type { TopicTelling } from "./topic-telling.ts";

/** To whom it goes what topics tell a session. */
interface TopicFeedPorts<Tab extends TopicTab> {
  readonly topics: KnownTopics<Tab>;
  readonly telling: TopicTelling<Tab>;
  readonly regions: SessionRegions<Tab>;
  /** Those who are present in a topic are others, or may be. */
  readonly presenceChanged: (topic: string) => void;
  /** A topic could not be asked for what a tab has missed. */
  readonly failed: (topic: SessionTopic, cause: unknown) => void;
}

/** What topics tell the session, and how far each has come: in the topic's turn, see {@link SessionTopic.inTurn}. */
export class TopicFeed<Tab extends TopicTab> {
  readonly #ports: TopicFeedPorts<Tab>;
  #now = 0;

  constructor(ports: TopicFeedPorts<Tab>) {
    this.#ports = ports;
  }

  /** Counts what the session was told. */
  get now(): number {
    return this.#now;
  }

  /** Sees to it that the topic tells the session what is published, and says how far it has. May reject. */
  async confirm(topic: SessionTopic): Promise<Position> {
    const before = topic.position;
    if (before === undefined) return await this.#join(topic);
    if (topic.isSure) return before;
    const { epoch, seq } = await topic.join();
    topic.position = before;
    // It had forgotten the session: nobody knows what it has told since.
    if (epoch !== before.epoch || seq > before.seq) await this.take(topic, await topic.since(before));
    return topic.position;
  }

  /** False for a node at which the session was subscribed once: it is told by one of them. May reject. */
  async isToldBy(topic: SessionTopic, { node }: Delivery): Promise<boolean> {
    if (topic.position === undefined) await this.#join(topic);
    // What sockets remember of the node may be of the past, and the one that tells is the one to be kept: it would not tell again.
    else if (topic.node !== node && !topic.isSure) await this.confirm(topic);
    return topic.node === node;
  }

  /**
   * What was published goes to each tab that has not been told of it. Resolves with the renders that this takes; rejects where the
   * topic cannot be asked for what the session has missed.
   */
  async take(topic: SessionTopic, delivery: Delivery): Promise<readonly Promise<void>[]> {
    const { topics, telling, regions, presenceChanged, failed } = this.#ports;
    const before = topic.position ?? (await this.#join(topic));
    topic.heard();
    const isSameLife = before.epoch === delivery.epoch;
    if (isSameLife && delivery.to <= before.seq) return [];
    const hasGap = isSameLife && delivery.from > before.seq && delivery.items !== undefined;
    const whole = hasGap ? await topic.since(before) : delivery;
    topic.position = { epoch: whole.epoch, seq: whole.to };
    if (isSameLife && whole.items !== undefined) regions.heard(topic.name, whole.items);
    else regions.joined(topic.name);
    this.#news(topic);
    if (!isSameLife || isOfRoster(whole)) presenceChanged(topic.name);
    const rendered: Promise<void>[] = [];
    for (const tab of topics.restingOn(topic.name)) {
      try {
        rendered.push(...(await telling.tell(tab, topic, whole)));
      } catch (cause) {
        // The others are told all the same.
        failed(topic, cause);
      }
    }
    return rendered;
  }

  async #join(topic: SessionTopic): Promise<Position> {
    const position = await topic.join();
    topic.failures = 0;
    this.#ports.regions.joined(topic.name);
    this.#news(topic);
    this.#ports.presenceChanged(topic.name);
    return position;
  }

  #news(topic: SessionTopic): void {
    this.#now += 1;
    topic.newsAt = this.#now;
  }
}

/** True where somebody has come or gone, or nobody knows. */
function isOfRoster({ items }: Delivery): boolean {
  return items?.every(({ published }) => published.kind !== "roster") !== true;
}
