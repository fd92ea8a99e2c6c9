import type { Update } from "../src/protocol/messages.ts";
import { type RegionPlace, regionAddress } from "../src/render/region.ts";
import type { RegionNews } from "./session-regions.ts";
import type { TabTopics } from "./tab-topics.ts";

/** A tab, as the session's topics see it. */
export interface TopicTab {
  /** Names the page load; absent for clients of version 1. */
  readonly id: string | undefined;
  readonly isOpen: boolean;
  /** True for a tab that has not read what it was sent: it is sent no more of topics until it has. */
  readonly isBehind: boolean;
  /** True when it was not told something for that; its socket remembers it. */
  hasMissed: boolean;
  /** True for a client that remembers its places in topics. */
  readonly takesPlaces: boolean;
  readonly topics: TabTopics;
  /** The addresses that the tab waits to have restored. */
  readonly restoring: Set<string>;
  /** Sends updates that are beside the page, at once. */
  sendNow(updates: readonly Update[]): void;
  /** Sends what changes a region; without updates, it is only remembered where that stands. */
  tellRegion(news: RegionNews): void;
  /** Has its socket remember its topics. */
  keepTopics(): void;
}

/** What a session's topics ask of its tabs. */
export interface TopicTabs<Tab extends TopicTab> {
  /** Every open tab. */
  readonly open: readonly Tab[];
  /** Those that have lost their sockets, and may come back. */
  readonly away: Iterable<Tab>;
  /** Has a tab's page rendered again. Resolves when it was, or could not be. */
  refresh(tab: Tab): Promise<void>;
  /** Runs something that follows what a tab is to be brought up to date with. */
  behind(tab: Tab, run: () => void): void;
}

/** A tab is sent what brings a region to a place: the update that tells its page so, where its client remembers places. */
export function regionBrought(
  { topics, takesPlaces }: Pick<TopicTab, "topics" | "takesPlaces">,
  { name, place }: RegionPlace,
): readonly Update[] {
  topics.brought(name, place);
  return takesPlaces ? [placeUpdate(regionAddress(name), place)] : [];
}

/** The update that tells a page its place in a topic. */
export function placeUpdate(key: string, position: string): Update {
  return ["at", key, position];
}
