import { LIMITS } from "../src/protocol/limits.ts";
import { IDENTITY_KEY, type Identity } from "../src/session/identity.ts";
import { LIFE_KEY, renewalMs } from "../src/session/lifetime.ts";
import type { SessionChanges, SessionStore, StoredTimers } from "../src/state/draft.ts";
import { isTimer, TIMER_KEY, type TimerRecord } from "../src/state/timers.ts";
import { isUpload } from "../src/uploads/upload-record.ts";
import {
  EMPTY_ROW,
  mayBeLarge,
  readSessionRow,
  SESSION_ROW,
  type SessionRow,
  SessionRowDraft,
  VALUE_PREFIX,
} from "./session-row.ts";
import { sweepTabRecords, TAB_PREFIX, type TabRecord, withoutMorphs } from "./tab-record.ts";

/** A call whose number is stored together with what it changed. */
export interface StoredCall {
  /** The page load that made it. */
  readonly tab: string;
  /** What is known of its calls from then on. */
  readonly record: TabRecord;
}

/** What is committed beside the changes. */
export interface CommitOptions {
  /** The call behind them. */
  readonly call?: StoredCall | undefined;
  /** Scheme and host of the site, as its visitor knows it. */
  readonly origin?: string | undefined;
  /** False for what nobody has come for: the session's end stays where it is. */
  readonly isSeen?: boolean;
  /** When the object's alarm has to ring at the latest, in milliseconds since 1970, beside what it rings for already. */
  readonly ringBy?: number | undefined;
  /** True when the session's tabs are brought up to date behind it: what lies over their pages goes then. */
  readonly isNews?: boolean | undefined;
}

/** Whose it is, and how long what is stored lives. */
export interface Lifetime {
  /** Of the session; absent for an object that was not told its name: then what is stored says it. */
  readonly name?: string | undefined;
  /** How long a session lives after it was last seen, in milliseconds. */
  readonly expiresInMs: number;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The session's values, and the last calls of its tabs, in the object's SQLite through its synchronous key-value
 * interface (structured clone). No table until the first write, so that a visitor who stores nothing leaves nothing.
 */
export class StoredSession implements SessionStore {
  readonly #storage: DurableObjectStorage;
  readonly #lifetime: Lifetime;
  /** Stays known when what is stored goes. */
  #name: string | undefined;
  /** Read once: this object is the only one that writes its storage. */
  #row: SessionRow | undefined;
  /** Of this life of the object: an earlier one set its timers at an earlier time. */
  #lastOrder = 0;
  /** The earliest time that was asked for since the alarm began to ring. */
  #askedAt = Number.POSITIVE_INFINITY;
  /** While it rings, the alarm is late, and not lost: the platform lets it ring again when the object ends in between. */
  #isRinging = false;
  /** Tabs that will ask for nothing again; they go with the next write. */
  readonly #left = new Set<string>();

  constructor(storage: DurableObjectStorage, lifetime: Lifetime) {
    this.#storage = storage;
    this.#lifetime = lifetime;
    this.#name = lifetime.name;
  }

  read(key: string): unknown {
    const row = this.#read();
    const value = row.values.get(key);
    if (value === undefined && mayBeLarge(row, key)) return this.#storage.kv.get(VALUE_PREFIX + key);
    return typeof value === "object" ? structuredClone(value) : value;
  }

  *keys(): Iterable<string> {
    const { values, large } = this.#read();
    yield* values.keys();
    if (large !== undefined) return yield* large;
    for (const [key] of this.#storage.kv.list({ prefix: VALUE_PREFIX })) {
      const name = key.slice(VALUE_PREFIX.length);
      if (!isTimer(name)) yield name;
    }
  }

  /** Of the session; `undefined` where the object was not told it and nothing is stored that says it. */
  get name(): string | undefined {
    if (this.#name === undefined) this.#read();
    return this.#name;
  }

  get timers(): StoredTimers {
    return { count: this.#read().timers ?? 0, lastOrder: this.#lastOrder };
  }

  /** Where the visitor knows the site; `undefined` until a page or call has said. */
  get origin(): string | undefined {
    return this.#read().origin;
  }

  /** When the session ends unless it is seen before, in milliseconds since 1970; `undefined` when nothing is stored. */
  get expiresAt(): number | undefined {
    return this.#read().expiresAt;
  }

  /** True when nothing is stored, or nobody has been here for so long that it may go. A timer that waits keeps it. */
  get isOver(): boolean {
    const row = this.#read();
    // A version of this code from before sessions ended may have written the row last.
    if (row.expiresAt === undefined) return isEmpty(row);
    return (row.timers ?? 0) === 0 && row.expiresAt <= this.#lifetime.now();
  }

  /** True when nothing is known but what became of the session's cookies. */
  get isBare(): boolean {
    const { values, large, timers = 0 } = this.#read();
    return values.size === 1 && values.has(IDENTITY_KEY) && large?.size === 0 && timers === 0;
  }

  /** True when the session's end has not been moved on for so long that it should be with the next turn. */
  get isRenewalDue(): boolean {
    const { expiresAt } = this.#read();
    const { now } = this.#lifetime;
    const expiresInMs = this.#expiresInMs(this.read(LIFE_KEY));
    return expiresAt !== undefined && expiresAt < now() + expiresInMs - renewalMs(expiresInMs);
  }

  /**
   * What is stored of the calls of a tab. Without selector morphs when there was news of something else since its last
   * call: the page has been rendered for the tab behind them, or is when it comes back.
   */
  recordOf(tab: string): TabRecord | undefined {
    const { tabs, leftTabs, news } = this.#read();
    const shared = tabs.get(tab);
    if (shared === undefined && leftTabs === 0) return undefined;
    const record = shared ?? this.#storage.kv.get<TabRecord>(TAB_PREFIX + tab);
    return record === undefined || record.news === news ? record : withoutMorphs(record);
  }

  /** A tab has left with every call answered. */
  left(tab: string): void {
    if (this.#row?.tabs.has(tab)) this.#left.add(tab);
  }

  /**
   * Writes all of it or nothing: what a turn changed, and the call behind it. Synchronous, so that a frame sent in the same
   * turn of the event loop waits for the write behind the output gate.
   *
   * Throws what the platform throws when it cannot store a value.
   */
  commit(changes: SessionChanges, options: CommitOptions = {}): void {
    const { call } = options;
    const draft = new SessionRowDraft(this.#read());
    if (options.isNews === true) draft.countNews();
    for (const tab of this.#left) draft.removeTab(tab);
    if (call !== undefined) draft.setTab(call.tab, call.record);
    this.#write(draft, changes, options);
    this.#left.clear();
    if (draft.isSweepDue) sweepTabRecords(this.#storage.kv, this.#lifetime.now());
  }

  /** The timers that are set, by their keys. */
  *timerRecords(): Iterable<readonly [key: string, timer: TimerRecord]> {
    if (this.timers.count === 0) return;
    for (const [key, timer] of this.#storage.kv.list<TimerRecord>({ prefix: VALUE_PREFIX + TIMER_KEY }))
      yield [key.slice(VALUE_PREFIX.length), timer];
  }

  /** The timer of a key; `undefined` when it does not wait. */
  timer(key: string): TimerRecord | undefined {
    return this.#storage.kv.get<TimerRecord>(VALUE_PREFIX + key);
  }

  /**
   * Deletes everything that is stored but what is given: what is left of a session that has ended. Its end stays known as long
   * as cookies may lead here; and its uploads, until their files are removed.
   */
  endFor(changes: SessionChanges, call: StoredCall | undefined, ringBy?: number): void {
    const { kv } = this.#storage;
    const { alarmAt, leftTabs } = this.#read();
    const draft = new SessionRowDraft({ ...EMPTY_ROW, alarmAt, leftTabs });
    // What its last turn handed to its page is the visitor's.
    if (call !== undefined) draft.setTab(call.tab, { ...call.record, last: undefined, digest: "" });
    const before = this.#row;
    const uploads = Array.from(this.keys()).filter(isUpload);
    const kept = new Map([...uploads.map((key) => [key, this.read(key)] as const), ...changes]);
    try {
      this.#storage.transactionSync(() => {
        for (const [key] of Array.from(kv.list())) kv.delete(key);
        this.#row = EMPTY_ROW;
        this.#write(draft, kept, { ringBy });
      });
    } catch (cause) {
      this.#row = before;
      throw cause;
    }
    this.#left.clear();
  }

  /**
   * Deletes everything that is stored, the alarm too. Of a session whose identity has changed there stays which cookies are of no
   * use, as long as one of them may come: they must not be good again in the session that begins under the same id. And its uploads
   * stay, until their files are removed.
   */
  async end(): Promise<void> {
    // Only src/state/turn-state.ts writes under this key.
    const identity = this.read(IDENTITY_KEY) as Identity | undefined;
    if (identity !== undefined && identity.next === undefined && !this.isBare) {
      const { generation, changedAt } = identity;
      return this.endFor(new Map([[IDENTITY_KEY, { generation, changedAt }]]), undefined);
    }
    if (Array.from(this.keys()).some(isUpload)) return this.endFor(new Map(), undefined);
    const deleted = this.#storage.deleteAll();
    // Before the wait, in which a timer may be asked for from outside.
    this.#row = undefined;
    this.#left.clear();
    await deleted;
  }

  /** The session was seen: it lives on from here. Writes a row, so it is called when that is due. */
  renew(): void {
    this.#write(new SessionRowDraft(this.#read()), new Map(), {});
  }

  /** The object's alarm begins to ring: what is asked for from now on is set when it has rung. */
  rings(): void {
    this.#askedAt = Number.POSITIVE_INFINITY;
    this.#isRinging = true;
  }

  /** It rings no more, whether it came to its end or not. */
  silent(): void {
    this.#isRinging = false;
  }

  /**
   * The object's alarm has rung, and is set for what is due next.
   *
   * @param changes what is written with that
   */
  rung(nextMs: number | undefined, changes: SessionChanges = new Map()): void {
    const draft = new SessionRowDraft(this.#read());
    draft.rung();
    this.#write(draft, changes, {
      ringBy: Math.min(nextMs ?? this.#askedAt, this.#askedAt),
      isSeen: false,
    });
  }

  /** Writes a row and what goes with it. What is written is seen: the session's end moves on when that is due. */
  #write(
    draft: SessionRowDraft,
    changes: SessionChanges,
    { origin, ringBy, isSeen = true }: CommitOptions,
  ): void {
    const { kv } = this.#storage;
    const { now } = this.#lifetime;
    let dueAt = ringBy ?? Number.POSITIVE_INFINITY;
    for (const [key, value] of changes) {
      if (!isTimer(key)) {
        draft.setValue(key, value);
        continue;
      }
      // What drafts hold under such a key is what src/state/timers.ts wrote there.
      const timer = value as TimerRecord | undefined;
      draft.setTimer(key, timer, kv.get(VALUE_PREFIX + key) !== undefined);
      if (timer === undefined) continue;
      dueAt = Math.min(dueAt, timer.at);
      this.#lastOrder = Math.max(this.#lastOrder, timer.order);
    }
    this.#askedAt = Math.min(this.#askedAt, dueAt);
    const { expiresAt } = this.#read();
    const isToBeMoved = changes.has(LIFE_KEY) || changes.has(IDENTITY_KEY) || (isSeen && this.isRenewalDue);
    if (expiresAt === undefined || isToBeMoved)
      draft.expireAt(now() + this.#expiresInMs(changes.get(LIFE_KEY) ?? this.read(LIFE_KEY)));
    if (origin !== undefined) draft.setOrigin(origin);
    const isToBeSet = this.#ringBy(draft, dueAt);
    const row = draft.toRow(this.#name);
    // One write is whole by itself.
    if (draft.others.size === 0) kv.put(SESSION_ROW, row);
    else this.#storage.transactionSync(() => this.#writeAll(row, draft.others));
    // Without an await between, the platform writes both or neither.
    if (isToBeSet && row.alarmAt !== undefined) void this.#storage.setAlarm(row.alarmAt);
    this.#row = row;
  }

  /** True when the alarm has to be set: to what the draft says then. */
  #ringBy(draft: SessionRowDraft, dueAt: number): boolean {
    const now = this.#lifetime.now();
    const isLost = !this.#isRinging && draft.isLate(now - LIMITS.lateAlarmMs);
    if (!isLost) return draft.ringBy(Math.min(dueAt, endOf(draft, now)));
    // What else it was to ring for is not known here. It rings at once, and is set for that then.
    draft.rung();
    return draft.ringBy(now);
  }

  /** What the application says, or the session itself, if that is less. */
  #expiresInMs(ownMs: unknown): number {
    return Math.min(this.#lifetime.expiresInMs, Number(ownMs ?? Number.POSITIVE_INFINITY));
  }

  #writeAll(row: SessionRow, others: ReadonlyMap<string, unknown>): void {
    const { kv } = this.#storage;
    kv.put(SESSION_ROW, row);
    for (const [key, value] of others) {
      if (value === undefined) kv.delete(key);
      else kv.put(key, value);
    }
  }

  #read(): SessionRow {
    this.#row ??= readSessionRow(this.#storage.kv);
    this.#name ??= this.#row.name;
    return this.#row;
  }
}

function isEmpty({ values, large, tabs, leftTabs, timers = 0 }: SessionRow): boolean {
  return values.size + tabs.size + leftTabs + timers === 0 && large?.size === 0;
}

/** When the alarm has to see to the session's end: not while only timers keep it. */
function endOf({ expiresAt, timers }: SessionRowDraft, now: number): number {
  if (expiresAt === undefined || (timers > 0 && expiresAt <= now)) return Number.POSITIVE_INFINITY;
  return expiresAt;
}
