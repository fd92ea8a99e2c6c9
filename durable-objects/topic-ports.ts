import { LIMITS } from "../src/protocol/limits.ts";
import { nameFor } from "../src/render/hash.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import type { PageKeeper } from "./page-keeper.ts";
import { SessionOutbox } from "./session-outbox.ts";
import { SessionPresence } from "./session-presence.ts";
import type { SessionStanding } from "./session-standing.ts";
import type { StoredSession } from "./session-store.ts";
import { SessionTopics } from "./session-topics.ts";
import type { Tab } from "./tab.ts";
import type { Tabs } from "./tabs.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** What the topics of a session act on. */
interface TopicParts<Env> {
  readonly tabs: Tabs;
  readonly standing: SessionStanding;
  /** The session, by its name. */
  readonly session: string;
  /** Made behind the topics, which it tells what its renders say. */
  readonly pages: () => PageKeeper<Env>;
}

/** What names a tab among those that touch topics: nobody else can tell from it which session's it is, or go by its name. */
export function toucherOf(session: string, { id }: Pick<Tab, "id">): string | undefined {
  return id === undefined ? undefined : nameFor(`${session} ${id}`);
}

/** The topics that a session's pages rest on, and where it is present, and who is with it. */
export function topicsOf<Env>(
  { ctx, runtime }: TurnSurroundings<Env>,
  { tabs, standing, session, pages }: TopicParts<Env>,
): readonly [SessionTopics<Tab>, SessionPresence<Tab>] {
  const waitUntil = (work: Promise<unknown>) => ctx.waitUntil(work);
  const failed = (event: string) => (key: string, cause: unknown) =>
    runtime.log({ event, id: crypto.randomUUID(), url: "", key, cause });
  const presence: SessionPresence<Tab> = new SessionPresence<Tab>({
    session,
    now: runtime.now,
    timer: runtime.timer,
    rootOf: (topic) => runtime.presenceAt(ctx, topic),
    open: () => tabs.open,
    isFollowed: (topic) => topics.isFollowed(topic),
    findOut: () => topics.findOut(),
    refresh: (tab) => void pages().refresh(tab),
    waitUntil,
    log: failed("presence-failed"),
  });
  const topics = new SessionTopics<Tab>({
    reach: {
      subscriber: { kind: "session", name: session },
      at: (node, region) => runtime.topicAt(ctx, node, region),
      region: () => tabs.open.find(({ region }) => region !== undefined)?.region,
      timer: runtime.timer,
      now: runtime.now,
    },
    askRegion: async (topic, place) =>
      await withDeadline(runtime.regionAt(ctx, topic).region(place), LIMITS.deliverMs, runtime.timer),
    tabs: {
      get open() {
        return tabs.open;
      },
      get away() {
        return tabs.away;
      },
      refresh: (tab) => pages().refresh(tab),
      behind: (tab, run) => pages().behind(tab, run),
    },
    hasEnded: () => standing.hasEnded,
    authorOf: (tab) => toucherOf(session, tab),
    presence,
    random: runtime.random,
    waitUntil,
    log: failed("topic-failed"),
  });
  return [topics, presence];
}

/** What a session has published and its topics may not have. */
export function outboxOf<Env>(
  { ctx, runtime }: TurnSurroundings<Env>,
  store: StoredSession,
  session: string,
): SessionOutbox {
  return new SessionOutbox({
    store,
    session: () => session,
    at: (topic) => runtime.topicAt(ctx, topic),
    timer: runtime.timer,
    now: runtime.now,
    newLife: () => crypto.randomUUID().slice(0, 8),
    waitUntil: (work) => ctx.waitUntil(work),
    log: (key, cause) =>
      runtime.log({ event: "publish-failed", id: crypto.randomUUID(), url: "", key, cause }),
  });
}
