import type { SessionOutbox } from "./session-outbox.ts";
import type { StoredSession } from "./session-store.ts";
import type { SessionTopics } from "./session-topics.ts";
import type { SessionUploads } from "./session-uploads.ts";
import type { Tab } from "./tab.ts";
import type { Tabs } from "./tabs.ts";

/** What goes when a session ends. */
export interface SessionRemains<Env> {
  readonly store: StoredSession;
  readonly tabs: Tabs;
  readonly uploads: SessionUploads<Env>;
  readonly topics: SessionTopics<Tab>;
  readonly outbox: SessionOutbox;
}

/**
 * Ends a session in which nobody has been for so long that nobody is expected any more. Called as a turn.
 *
 * @returns false when somebody has come while it waited, or something of it stays
 */
export async function endExpired<Env>({
  store,
  tabs,
  uploads,
  topics,
  outbox,
}: SessionRemains<Env>): Promise<boolean> {
  if (!store.isOver) return false;
  await uploads.removeAll();
  // Removing them takes its time.
  if (!store.isOver) return false;
  await store.end();
  topics.ended();
  outbox.ended();
  tabs.closeAll("session-expired");
  topics.closed();
  return store.expiresAt === undefined;
}
