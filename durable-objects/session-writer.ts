import { EXCHANGES_KEY, type Exchanges } from "../src/session/exchange.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import { isMoreThanTimers } from "../src/state/timers.ts";
import type { TurnWrites } from "../src/state/turn-state.ts";
import { isUpload, type UploadRecord } from "../src/uploads/upload-record.ts";
import { isShared, type PageKeeper } from "./page-keeper.ts";
import type { SessionOutbox } from "./session-outbox.ts";
import type { StoredCall, StoredSession } from "./session-store.ts";
import type { SessionTopics } from "./session-topics.ts";
import type { Tab } from "./tab.ts";
import type { TabHeirs } from "./tab-heirs.ts";
import type { Tabs } from "./tabs.ts";

/** What stands behind what is written. */
export interface Commit {
  /** The tab that shows it already. */
  readonly author?: Tab | undefined;
  /** The tab that called. */
  readonly caller?: Tab | undefined;
  /** Names the tab among those that touch topics, when the turn has rendered its page. */
  readonly toucher?: string | undefined;
  readonly call?: StoredCall | undefined;
  /** Scheme and host of the site, as its visitor knows it. */
  readonly origin?: string | undefined;
}

/** What the writer acts on. */
interface WriterParts<Env> {
  readonly store: StoredSession;
  readonly tabs: Tabs;
  readonly pages: PageKeeper<Env>;
  readonly heirs: TabHeirs;
  readonly topics: SessionTopics<Tab>;
  readonly outbox: SessionOutbox;
}

/** Writes what turns came to, and sees to it that the session's tabs follow. */
export class SessionWriter<Env> {
  readonly #store: StoredSession;
  readonly #tabs: Tabs;
  readonly #pages: PageKeeper<Env>;
  readonly #heirs: TabHeirs;
  readonly #topics: SessionTopics<Tab>;
  readonly #outbox: SessionOutbox;

  constructor({ store, tabs, pages, heirs, topics, outbox }: WriterParts<Env>) {
    this.#store = store;
    this.#tabs = tabs;
    this.#pages = pages;
    this.#heirs = heirs;
    this.#topics = topics;
    this.#outbox = outbox;
  }

  /**
   * Throws what the platform throws when it cannot store a value, and when an upload that was taken has been given up since; then
   * nothing is written.
   */
  write(writes: TurnWrites, { author, caller, toucher, call, origin }: Commit): void {
    const { next, generation, cookieHeader } = writes;
    this.#assertUploaded(writes.changes);
    const prepared = this.#outbox.prepared(writes, toucher);
    const { changes } = prepared;
    if (next !== undefined)
      this.#store.endFor(withHeir({ ...writes, changes }, call), call, this.#outbox.dueFor(changes));
    else this.#writeOn(changes, { author, call, origin });
    this.#outbox.committed(prepared);
    if (next !== undefined) this.#topics.ended();
    if (next !== undefined || generation !== undefined) {
      this.#tabs.closeAll("session-moved", caller);
      this.#topics.closed();
    }
    if (cookieHeader !== undefined) for (const tab of this.#tabs.open) tab.setCookies(cookieHeader);
  }

  /** Turns take what is whole and write nothing else of an upload. It may be removed while they run, which no queue keeps apart. */
  #assertUploaded(changes: TurnWrites["changes"]): void {
    for (const key of changes.keys()) {
      // Only durable-objects/session-uploads.ts writes under such keys.
      const record = isUpload(key) ? (this.#store.read(key) as UploadRecord | undefined) : undefined;
      if (isUpload(key) && record?.state !== "done")
        throw new Error(
          `The upload ${key} was given up while the action ran that took it; it has to be sent again`,
        );
    }
  }

  #writeOn(changes: TurnWrites["changes"], { author, call, origin }: Commit): void {
    const isNews = [...changes.keys()].some(isShared);
    if (isMoreThanTimers(changes)) this.#pages.committing(changes, author);
    if (changes.size > 0 || call !== undefined) {
      const ringBy = earliest(this.#heirs.dueFor(changes), this.#outbox.dueFor(changes));
      this.#store.commit(this.#heirs.bounded(changes), { call, origin, isNews, ringBy });
    } else if (this.#store.isRenewalDue) this.#store.renew();
    if (isNews) this.#pages.committed(author);
  }
}

function earliest(left: number | undefined, right: number | undefined): number | undefined {
  return left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
}

/** The changes of a session that ends, with what its page load shows: the next session knows it, and leaves it as it is. */
function withHeir({ changes, ticket }: TurnWrites, call: StoredCall | undefined): SessionChanges {
  // Only src/state/turn-state.ts writes under this key.
  const exchanges = changes.get(EXCHANGES_KEY) as Exchanges | undefined;
  const exchange = exchanges?.get(ticket ?? "");
  if (call === undefined || ticket === undefined || exchange?.next === undefined) return changes;
  const heir: StoredCall = { tab: call.tab, record: { ...call.record, replies: new Map() } };
  const withIt = { ...exchange, next: { ...exchange.next, heir } };
  return new Map([...changes, [EXCHANGES_KEY, new Map([...(exchanges ?? []), [ticket, withIt]])]]);
}
