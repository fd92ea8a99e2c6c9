import { LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";
import { roughSize } from "../src/state/rough-size.ts";
import type { TurnDone } from "../src/turn/turn-end.ts";
import { headItems, leastKept } from "./reply-head.ts";
import type { Tab } from "./tab.ts";
import { type LastTurn, leastOf } from "./tab-attachment.ts";
import { type TabRecord, withoutMorphs } from "./tab-record.ts";
import { isBesidePage, isForBrowser } from "./update-kinds.ts";

const NOTHING: TabRecord = { number: 0, skipped: [], sent: 0, digest: "", at: 0, replies: new Map() };

/**
 * What is known of a call that a browser sends: `undefined` for a new one, else the text of what its answer said that
 * cannot be rendered again, if it said such a thing.
 */
export function answerTo(
  record: TabRecord | undefined,
  number: number,
): { readonly kept: string | undefined } | undefined {
  const kept = record?.replies.get(number);
  if (kept !== undefined) return { kept };
  if (record === undefined || number > record.number || record.skipped.includes(number)) return undefined;
  return { kept: undefined };
}

/** What a call leaves behind, to be stored together with what it changed. */
export interface Conclusion {
  readonly number: number;
  /** How many frames with updates its tab has been sent, and what it shows then; nothing of a call of an earlier page load. */
  readonly sent: number;
  readonly digest: string;
  /** What the tab's last turn handed to its page. */
  readonly last: LastTurn | undefined;
  /** What its answer says that cannot be rendered again. */
  readonly kept: string | undefined;
  /** True when what lay over its tab's page is over: a render was sent, of the page or of roots in it, or the tab has moved on. */
  readonly isOver: boolean;
}

/** The record behind a call. Answers that the tab has acknowledged are left out. */
export function recordAfter(
  before: TabRecord = NOTHING,
  { number, sent, digest, last, kept, isOver }: Conclusion,
  { low, unsaved }: Pick<Tab, "low" | "unsaved">,
): TabRecord {
  const earlier = isOver ? withoutMorphs(before) : before;
  const replies = [...earlier.replies, ...unsaved].filter(([other]) => other >= low);
  if (kept !== undefined) replies.push([number, kept]);
  return {
    number: Math.max(before.number, number),
    skipped: skippedAfter(before, number).filter((other) => other >= low),
    sent,
    digest,
    last: [last, leastOf(last)].find(isStorable),
    at: Date.now(),
    replies: bounded(replies),
  };
}

/**
 * Our client acknowledges long before it comes to this. What is too much goes: of the largest answers what they say beside how they ended,
 * then the oldest answers, which are answered as done.
 */
function bounded(replies: readonly (readonly [number, string])[]): ReadonlyMap<number, string> {
  const kept = new Map(replies.slice(-LIMITS.keptReplies));
  let chars = 0;
  for (const text of kept.values()) chars += text.length;
  const replace = (number: number, text: string, less: string | undefined) => {
    if (less === undefined) kept.delete(number);
    else kept.set(number, less);
    chars -= text.length - (less ?? "").length;
  };
  for (const [number, text] of [...kept].sort(([, left], [, right]) => right.length - left.length))
    if (chars > LIMITS.keptReplyChars) replace(number, text, leastKept(text));
  for (const [number, text] of [...kept]) if (chars > LIMITS.keptReplyChars) replace(number, text, undefined);
  return kept;
}

function skippedAfter(before: TabRecord, number: number): readonly number[] {
  if (number < before.number) return before.skipped.filter((other) => other !== number);
  const count = Math.min(number - before.number - 1, LIMITS.skippedCalls);
  const skipped = Array.from({ length: count }, (_, index) => number - count + index);
  return [...before.skipped, ...skipped].slice(-LIMITS.skippedCalls);
}

/** An action may assign what nothing can store, or more than there should be in a row that is written often. */
function isStorable(last: LastTurn | undefined): boolean {
  try {
    return roughSize(structuredClone([last?.assigns, last?.asked])) <= LIMITS.sharedAssignsChars;
  } catch {
    return false;
  }
}

/**
 * What an answer says that cannot be rendered again, as the text of a frame; `undefined` when there is nothing. Of what is too much the
 * operations and morphs go: never what its caller is told, nor what its browser is to fetch or where it is to go.
 */
export function keptOf(number: number, end: TurnDone): string | undefined {
  const lasting = end.updates.filter(isLasting);
  const head = headItems(end, true);
  if (head.length === 0 && lasting.length === 0) return undefined;
  const text = JSON.stringify([number, ...head, ...lasting]);
  if (text.length <= LIMITS.keptReplyChars / 2) return text;
  const least = [...head, ...lasting.filter(isForBrowser)];
  return least.length === 0 ? undefined : JSON.stringify([number, ...least]);
}

/** True for what cannot be rendered again. A page morph that is limited to roots is a render of the page too. */
export function isLasting(update: Update): boolean {
  return isBesidePage(update) || (update[0] === "inner" && update[3] === undefined);
}
