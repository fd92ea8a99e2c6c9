import { type TopicCable, topicCable } from "../cable/topic-cable.ts";
import type { Region } from "../render/region.ts";
import type { PresenceList } from "../topics/presence-list.ts";
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
  /**
   * A region, to be shown once in this page: what the application renders under that name for everyone alike. Has the page rest on
   * the topic of that name; when it is touched, the region is rendered once, and what changed in it is sent to all who see it.
   *
   * Rejects with `TopicError` for what is no region's name, or cannot be rendered.
   */
  region: (name: string) => Promise<Region>;
  /** As `touch` in a reflex; sent when the page succeeds, if a browser loads it or a call renders it. */
  touch: (topic: string, options?: TouchOptions) => void;
  /** Begins operations for every page that rests on a topic; sent as {@link touch} is. */
  cable: (topic: string) => TopicCable;
  /**
   * Has this page rest on a topic, and resolves with who is present in it. With `meta` the page's visitor is present too, for as long as
   * a tab shows the page, and all who look on are told it; without, the visitor only looks on. When somebody comes or goes, or what is
   * told of somebody changes, the page is rendered again.
   *
   * Rejects with `TopicError` as {@link subscribe} throws it; with its code `topic-presence` for what JSON cannot write or what is too
   * large; and with what the platform says when the topic cannot be reached.
   *
   * @typeParam Meta what pages tell of their visitors in this topic
   * @param meta what is told of the visitor: JSON of at most 1,000 characters, `null` for nothing
   * @example
   * const here = await c.var.presence("chat:7", { name: "Ada" });
   */
  presence: <Meta = unknown>(topic: string, meta?: Meta) => Promise<PresenceList<Meta>>;
}

/** The same for the topics of one render; `rosterOf`: see `TurnState.rosterOf`. */
export function pageTopics(
  topics: TurnTopics,
  rosterOf: (topic: string) => Promise<PresenceList>,
): PageTopics {
  return {
    presence: async <Meta>(topic: string, meta?: Meta) => {
      topics.present(topic, meta);
      // What pages tell of their visitors is the application's promise to itself.
      return (await rosterOf(topic)) as PresenceList<Meta>;
    },
    subscribe: (...names) => {
      for (const name of names) topics.subscribe(name);
    },
    region: (name) => topics.region(name),
    touch: (topic, options) => topics.touch(topic, options),
    cable: (topic) => topicCable(topic, (...given) => topics.broadcast(...given)),
  };
}
