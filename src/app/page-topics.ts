import { type TopicCable, topicCable } from "../cable/topic-cable.ts";
import { checkedTopic } from "../topics/topic-name.ts";
import type { TouchOptions, TurnTopics } from "../topics/turn-topics.ts";

/** What a page does with topics. */
export interface PageTopics {
  /**
   * Has this page rest on topics: when one is touched, the page is rendered again in each tab that shows it, and operations that are
   * broadcast in it are carried out there. Holds until the tab shows a page, or a render of this one, that does not subscribe.
   *
   * Throws `TopicError` for what is no topic's name, and for one too many.
   */
  subscribe: (...topics: readonly string[]) => void;
  /** As `touch` in a reflex; sent when the page succeeds, if a browser loads it or a call renders it. */
  touch: (topic: string, options?: TouchOptions) => void;
  /** Begins operations for every page that rests on a topic; sent as {@link touch} is. */
  cable: (topic: string) => TopicCable;
}

/** The same for the topics of one render. */
export function pageTopics(topics: TurnTopics): PageTopics {
  return {
    subscribe: (...names) => {
      for (const name of names) topics.subscribe(name);
    },
    touch: (topic, options) => topics.touch(topic, options),
    cable: (topic) => {
      const name = checkedTopic(topic);
      return topicCable((operations) => topics.broadcast(name, operations));
    },
  };
}
