import { LIMITS } from "../src/protocol/limits.ts";
import { roughSize } from "../src/state/rough-size.ts";
import { isTimer, type TimerRecord } from "../src/state/timers.ts";
import { apart, TAB_PREFIX, type TabRecord } from "./tab-record.ts";

/** What one row stores of a session: all that is small, so that a call which changes some of it writes one row. */
export interface SessionRow {
  readonly version: 1;
  /** Values that are small, by their keys. */
  readonly values: ReadonlyMap<string, unknown>;
  /** The keys of values that have rows of their own; absent when they are too many to be listed. */
  readonly large?: ReadonlySet<string> | undefined;
  /** The tabs that called last, latest last. */
  readonly tabs: ReadonlyMap<string, TabRecord>;
  /** How many tabs have had to leave this row for rows of their own. */
  readonly leftTabs: number;
  /** How many timers have rows of their own; absent: none. */
  readonly timers?: number | undefined;
  /** When the session expires, in milliseconds since 1970; absent in rows that were written before sessions did. */
  readonly expiresAt?: number | undefined;
  /** When the object's alarm is set to ring; absent when it is not. */
  readonly alarmAt?: number | undefined;
  /** Scheme and host under which the visitor knows the site; absent until a page or call has said. */
  readonly origin?: string | undefined;
  /** How many commits were news to tabs that did not ask for them; absent before the first that was counted. */
  readonly news?: number | undefined;
  /** Of the session: an alarm may wake an object that is not told its name. Absent in rows that were written before it was stored. */
  readonly name?: string | undefined;
}

/** The key of the row. */
export const SESSION_ROW = "session";

/** Where values are stored that have no room in it. The layout before this one had every value there. */
export const VALUE_PREFIX = "session:";

/** How many tabs leave the row before their rows are looked through. */
const SWEEP_EVERY = 64;

/** Of a session in which nothing is stored. */
export const EMPTY_ROW: SessionRow = {
  version: 1,
  values: new Map(),
  large: new Set(),
  tabs: new Map(),
  leftTabs: 0,
};

/** Reads the row, or makes it from what the layout before it has stored. */
export function readSessionRow(kv: SyncKvStorage): SessionRow {
  const row = kv.get<SessionRow>(SESSION_ROW);
  // Only this file writes the row. A later version would be one that this code was rolled back from.
  if (row !== undefined) return row;
  const keys = Array.from(kv.list({ prefix: VALUE_PREFIX }), ([key]) =>
    key.slice(VALUE_PREFIX.length),
  ).filter((key) => !isTimer(key));
  return { version: 1, values: new Map(), large: listed(new Set(keys)), tabs: new Map(), leftTabs: 0 };
}

/** True for a value that may have a row of its own. */
export function mayBeLarge({ large }: SessionRow, key: string): boolean {
  if (isTimer(key)) return true;
  return large === undefined || large.has(key);
}

function listed(keys: ReadonlySet<string>): ReadonlySet<string> | undefined {
  return keys.size <= LIMITS.listedKeys ? keys : undefined;
}

/** The next state of the row, and of the rows beside it. */
export class SessionRowDraft {
  readonly #row: SessionRow;
  readonly #values: Map<string, unknown>;
  readonly #large: Set<string> | undefined;
  readonly #tabs: Map<string, TabRecord>;
  readonly #others = new Map<string, unknown>();
  #leftTabs: number;
  #timers: number;
  #expiresAt: number | undefined;
  #alarmAt: number | undefined;
  #origin: string | undefined;
  #news: number | undefined;

  constructor(row: SessionRow) {
    this.#row = row;
    this.#values = new Map(row.values);
    this.#large = row.large && new Set(row.large);
    this.#tabs = new Map(row.tabs);
    this.#leftTabs = row.leftTabs;
    this.#timers = row.timers ?? 0;
    this.#expiresAt = row.expiresAt;
    this.#alarmAt = row.alarmAt;
    this.#origin = row.origin;
    this.#news = row.news;
  }

  /** Counts a commit that other tabs are told of. Called first. */
  countNews(): void {
    this.#news = (this.#row.news ?? 0) + 1;
  }

  /** The session lives until then, if it is not seen before. */
  expireAt(milliseconds: number): void {
    this.#expiresAt = milliseconds;
  }

  /** When the session expires as this draft stands. */
  get expiresAt(): number | undefined {
    return this.#expiresAt;
  }

  /** Remembers where the visitor knows the site. */
  setOrigin(origin: string): void {
    this.#origin = origin;
  }

  /** How many timers there are as this draft stands. */
  get timers(): number {
    return this.#timers;
  }

  /** The object's alarm has to ring by then; infinite: it need not ring. True when it has to be set for it. */
  ringBy(milliseconds: number): boolean {
    if (milliseconds >= (this.#alarmAt ?? Number.POSITIVE_INFINITY)) return false;
    this.#alarmAt = milliseconds;
    return true;
  }

  /** True when the alarm should have rung before then. */
  isLate(milliseconds: number): boolean {
    return this.#alarmAt !== undefined && this.#alarmAt < milliseconds;
  }

  /** The alarm has rung, or never will: it is not set any more. */
  rung(): void {
    this.#alarmAt = undefined;
  }

  /**
   * `undefined` removes the timer. Each has a row of its own, since it is written and removed once, and never read by a turn.
   *
   * @param isThere true when it is stored already
   */
  setTimer(key: string, timer: TimerRecord | undefined, isThere: boolean): void {
    this.#others.set(VALUE_PREFIX + key, timer);
    this.#timers += Number(timer !== undefined) - Number(isThere);
  }

  /** `undefined` removes the value. */
  setValue(key: string, value: unknown): void {
    this.#values.delete(key);
    if (value !== undefined && !this.#hasRoomFor(key, value)) {
      this.#large?.add(key);
      this.#others.set(VALUE_PREFIX + key, value);
      return;
    }
    if (value !== undefined) this.#values.set(key, value);
    if (this.#large === undefined || this.#large.delete(key)) this.#others.set(VALUE_PREFIX + key, undefined);
  }

  /** What its own call has changed is no news to the tab itself. */
  setTab(tab: string, record: TabRecord): void {
    this.#tabs.delete(tab);
    this.#tabs.set(tab, { ...record, news: this.#news });
    const [first] = this.#tabs;
    if (this.#tabs.size <= LIMITS.sharedTabs || first === undefined) return;
    this.#tabs.delete(first[0]);
    this.#others.set(TAB_PREFIX + first[0], apart(first[1]));
    this.#leftTabs += 1;
  }

  removeTab(tab: string): void {
    this.#tabs.delete(tab);
  }

  /** True when rows of tabs should be looked through: now and then, as they become more. */
  get isSweepDue(): boolean {
    return this.#leftTabs > this.#row.leftTabs && this.#leftTabs % SWEEP_EVERY === 0;
  }

  /** What the row becomes; `name`: of the session. */
  toRow(name: string | undefined): SessionRow {
    return {
      version: 1,
      values: this.#values,
      large: this.#large && listed(this.#large),
      tabs: this.#tabs,
      leftTabs: this.#leftTabs,
      timers: this.#timers,
      expiresAt: this.#expiresAt,
      alarmAt: this.#alarmAt,
      origin: this.#origin,
      news: this.#news,
      name,
    };
  }

  /** Everything that is to be written beside the row: `undefined` for rows that go. */
  get others(): ReadonlyMap<string, unknown> {
    return this.#others;
  }

  #hasRoomFor(key: string, value: unknown): boolean {
    const chars = roughSize(value);
    if (chars > LIMITS.sharedValueChars) return false;
    let shared = key.length + chars;
    for (const [key, other] of this.#values) shared += key.length + roughSize(other);
    return shared <= LIMITS.sharedChars;
  }
}
