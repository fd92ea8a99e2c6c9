import type { RegionAnswer } from "../src/topics/region-messages.ts";
import type { TopicReach } from "./session-topic.ts";
import type { TopicTab, TopicTabs } from "./topic-tab.ts";

/** What a session's topics act on. */
export interface SessionTopicsPorts<Tab extends TopicTab> {
  readonly reach: TopicReach;
  /** Asks the root of a topic what its region shows. May reject. */
  readonly askRegion: (topic: string, place: string | undefined) => Promise<RegionAnswer>;
  readonly tabs: TopicTabs<Tab>;
  /** True once nothing is told here any more: another session has taken the place of this one. */
  readonly hasEnded: () => boolean;
  /** What names a tab among those that touch topics. */
  readonly authorOf: (tab: Tab) => string | undefined;
  readonly presence: PresenceWatch<Tab>;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Work that goes on behind what is answered. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly log: (topic: string, cause: unknown) => void;
}

/** What a session tells of its topics to whoever keeps where it is present. */
export interface PresenceWatch<Tab> {
  /** A render of a tab's page has said which topics it rests on, and how. */
  follow(tab: Tab): void;
  /** Those who are present in a topic are others, or may be. */
  changed(topic: string): void;
  /** Tabs were closed. */
  closed(): void;
  /** The session has ended. */
  end(): void;
}
