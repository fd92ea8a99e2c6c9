import { LIMITS } from "../src/protocol/limits.ts";
import { leastKept } from "./reply-head.ts";
import type { LastTurn } from "./tab-attachment.ts";

/** What is stored of a page load's calls, so that none runs twice and each gets its answer again. */
export interface TabRecord {
  /** The number of its last call that is committed. */
  readonly number: number;
  /**
   * Lower numbers that were not: of calls that the tab gave up before it sent them, or that write nothing. Frames of one
   * socket come in order, so no others are expected; should one come late, it runs, and is not taken for answered.
   */
  readonly skipped: readonly number[];
  /** How many frames with updates it has been sent, that call's answer included. */
  readonly sent: number;
  /** Stands for what it shows then; empty when that is not known. */
  readonly digest: string;
  /** What its last turn handed to its page; absent when there is none, or none that can be kept. */
  readonly last?: LastTurn | undefined;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  /** Answers that cannot be rendered again, until they are acknowledged: texts of frames by the call's number. */
  readonly replies: ReadonlyMap<number, string>;
  /** How many commits had been news to other tabs then; absent in records of the version before. */
  readonly news?: number | undefined;
}

/** Where records are stored that have no room in the session's row. */
export const TAB_PREFIX = "tab:";

/**
 * A record as it is stored in a row of its own: many of them are read at a time, so of its answers there are the short ones, and of the
 * others how they ended.
 */
export function apart(record: TabRecord): TabRecord {
  let room: number = LIMITS.apartReplyChars;
  const byLength = [...record.replies].sort(([, left], [, right]) => left.length - right.length);
  const replies = byLength.flatMap(([number, text]) => {
    const kept = text.length <= room ? text : leastKept(text);
    if (kept === undefined || kept.length > room) return [];
    room -= kept.length;
    return [[number, kept] as const];
  });
  return { ...record, last: undefined, replies: new Map(replies) };
}

/**
 * A record behind a render of the tab's page: what lay over the page is gone from it, and shown again it would be older than
 * the rest. What else those calls have to tell stays.
 */
export function withoutMorphs(record: TabRecord): TabRecord {
  if (![...record.replies.values()].some(mayMorph)) return record;
  const replies = [...record.replies].flatMap(([number, text]) => {
    const rest = mayMorph(text) ? withoutMorph(text) : text;
    return rest === undefined ? [] : [[number, rest] as const];
  });
  return { ...record, replies: new Map(replies) };
}

/** Looked for and not parsed, since there may be many: within a text, JSON has backslashes before the quotes. */
function mayMorph(text: string): boolean {
  return text.includes('["inner",');
}

/** `undefined` when it says no more than its number then. */
function withoutMorph(text: string): string | undefined {
  const items: unknown[] = JSON.parse(text);
  const rest = items.filter((item) => !(Array.isArray(item) && item[0] === "inner"));
  return rest.length > 1 ? JSON.stringify(rest) : undefined;
}

/**
 * Removes records that nobody can ask for any more, and the oldest when there are too many.
 *
 * @param kv the object's storage
 * @param now in milliseconds since 1970
 */
export function sweepTabRecords(kv: SyncKvStorage, now: number): void {
  const records = Array.from(kv.list<TabRecord>({ prefix: TAB_PREFIX }));
  const byAge = records.sort(([, left], [, right]) => left.at - right.at);
  const tooMany = byAge.length - LIMITS.storedTabs;
  for (const [index, [key, { at }]] of byAge.entries()) {
    if (index < tooMany || at < now - LIMITS.storedTabMs) kv.delete(key);
  }
}
