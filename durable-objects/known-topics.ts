import type { Position } from "../src/topics/topic-messages.ts";
import { SessionTopic, type TopicReach } from "./session-topic.ts";
import type { TabTopics } from "./tab-topics.ts";
import type { TopicTab, TopicTabs } from "./topic-tab.ts";

/** The topics that a session's tabs rest on, rebuilt after a sleep from what their sockets remember. */
export class KnownTopics<Tab extends TopicTab> {
  readonly #tabs: TopicTabs<Tab>;
  readonly #reach: TopicReach;
  readonly #topics = new Map<string, SessionTopic>();

  constructor(tabs: TopicTabs<Tab>, reach: TopicReach) {
    this.#tabs = tabs;
    this.#reach = reach;
    for (const { topics } of tabs.open) for (const name of topics.all.keys()) this.#remember(name, topics);
  }

  /** The names of those that are at hand. */
  get names(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Open tabs of which only a render tells what they rest on. */
  get unknown(): readonly Tab[] {
    return this.#tabs.open.filter(({ topics }) => !topics.isKnown);
  }

  /** The open tabs that rest on a topic. */
  restingOn(name: string): readonly Tab[] {
    return this.#tabs.open.filter(({ topics }) => topics.all.has(name));
  }

  /** True for a topic on which a tab rests that is open, or may come back. */
  isWanted(name: string): boolean {
    if (this.restingOn(name).length > 0) return true;
    for (const { topics } of this.#tabs.away) if (topics.all.has(name)) return true;
    return false;
  }

  /** True for a topic that has not been forgotten. */
  has(topic: SessionTopic): boolean {
    return this.#topics.get(topic.name) === topic;
  }

  /** `undefined` for a topic that the session is not told of, and does not ask to be. */
  find(name: string): SessionTopic | undefined {
    return this.#topics.get(name);
  }

  /** The topic of that name. */
  of(name: string): SessionTopic {
    return this.find(name) ?? this.#add(new SessionTopic(name, this.#reach));
  }

  /** Nothing is known of a topic any more; whoever rests on it has to subscribe anew. */
  forget(name: string): void {
    this.#topics.delete(name);
  }

  /** The session was told as much as the tab of it that was told most. */
  #remember(name: string, topics: TabTopics): void {
    const topic = this.find(name) ?? this.#add(new SessionTopic(name, this.#reach, topics.nodeOf(name)));
    const position = topics.all.get(name)?.position;
    if (isBefore(topic.position, position)) topic.position = position;
  }

  #add(topic: SessionTopic): SessionTopic {
    this.#topics.set(topic.name, topic);
    return topic;
  }
}

/** True for the earlier place of one life; what is no place is before every other. */
function isBefore(left: Position | undefined, right: Position | undefined): boolean {
  if (left === undefined || right === undefined) return right !== undefined;
  return left.epoch === right.epoch && left.seq < right.seq;
}
