import { LIMITS } from "../src/protocol/limits.ts";
import { roughSize } from "../src/state/rough-size.ts";
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
}

/** The key of the row. */
export const SESSION_ROW = "session";

/** Where values are stored that have no room in it. The layout before this one had every value there. */
export const VALUE_PREFIX = "session:";

/** How many tabs leave the row before their rows are looked through. */
const SWEEP_EVERY = 64;

/** Reads the row, or makes it from what the layout before it has stored. */
export function readSessionRow(kv: SyncKvStorage): SessionRow {
  const row = kv.get<SessionRow>(SESSION_ROW);
  // Only this file writes the row. A later version would be one that this code was rolled back from.
  if (row !== undefined) return row;
  const keys = Array.from(kv.list({ prefix: VALUE_PREFIX }), ([key]) => key.slice(VALUE_PREFIX.length));
  return { version: 1, values: new Map(), large: listed(new Set(keys)), tabs: new Map(), leftTabs: 0 };
}

/** True for a value that may have a row of its own. */
export function mayBeLarge({ large }: SessionRow, key: string): boolean {
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

  constructor(row: SessionRow) {
    this.#row = row;
    this.#values = new Map(row.values);
    this.#large = row.large && new Set(row.large);
    this.#tabs = new Map(row.tabs);
    this.#leftTabs = row.leftTabs;
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

  setTab(tab: string, record: TabRecord): void {
    this.#tabs.delete(tab);
    this.#tabs.set(tab, record);
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

  /** What the row becomes. */
  toRow(): SessionRow {
    return {
      version: 1,
      values: this.#values,
      large: this.#large && listed(this.#large),
      tabs: this.#tabs,
      leftTabs: this.#leftTabs,
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
