import { nameFor } from "../src/render/hash.ts";
import type { Present } from "../src/topics/attendances.ts";
import type { Subscription } from "../src/topics/turn-topics.ts";

/** How a tab's page shows who is present in a topic. */
export interface TabPresence {
  /** Stands for what it tells of its visitor; empty for a page that only looks on. */
  readonly metaName: string;
  /** That as JSON; absent after a sleep, until the page is rendered. */
  readonly meta?: string | undefined;
  /** When it began to tell that: of the session's tabs, the one counts that said something else last. Later is higher. */
  readonly at: number;
}

/**
 * What a render has said of it; `undefined` for a page that does not show it.
 *
 * @param at when it was rendered: later than every render before
 */
export function tabPresenceOf(
  { presence }: Subscription,
  before: TabPresence | undefined,
  at: number,
): TabPresence | undefined {
  if (presence === undefined) return undefined;
  const { meta } = presence;
  const metaName = meta === undefined ? "" : nameFor(meta);
  return { metaName, meta, at: before?.metaName === metaName ? before.at : at };
}

/** How a session is present whose open tabs show this. */
export function presentOf(tabs: readonly TabPresence[]): Present {
  const present = tabs.filter(({ metaName }) => metaName !== "");
  const latest = present.reduce<TabPresence | undefined>(
    (best, one) => (best === undefined || one.at > best.at ? one : best),
    undefined,
  );
  return { tabs: present.length, metaName: latest?.metaName ?? "", meta: latest?.meta };
}

/** As a socket remembers it: the name and the time, without what is told. */
export function keptPresence({ metaName, at }: TabPresence): string {
  return `${metaName}.${at.toString(36)}`;
}

/** What {@link keptPresence} wrote. */
export function presenceFrom(kept: string): TabPresence {
  const [metaName = "", at = "0"] = kept.split(".");
  return { metaName, at: Number.parseInt(at, 36) };
}
