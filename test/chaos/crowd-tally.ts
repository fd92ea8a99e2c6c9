import type { Said } from "./crowd-tab.ts";

/** What is counted of operations. All are 0 when every tab was told each of its topics' once, and all in the same order. */
export interface HeardCounts {
  /** Operations that a tab was not told, though it rested on their topic throughout. */
  readonly lost: number;
  /** Operations that a tab was told again. */
  readonly doubled: number;
  /** Operations that came to a tab before one that came before them to others, or that the same page had called before. */
  readonly disordered: number;
}

/** What one tab was told. */
export interface Listener {
  readonly topics: readonly string[];
  readonly heard: readonly Said[];
}

/** Ends the names under which timers say things: those of one tab may ring in any order. */
export const TIMED = "'";

/**
 * Compares what tabs were told with each other, and with what was said.
 *
 * @param listeners tabs that rested on their topics throughout
 * @param said what was said for sure; what any tab was told besides, all must have been told
 */
export function tallyHeard(listeners: readonly Listener[], said: readonly Said[]): HeardCounts {
  const counts = { lost: 0, doubled: 0, disordered: 0 };
  const topics = new Set([...said, ...listeners.flatMap(({ heard }) => heard)].map(([topic]) => topic));
  for (const topic of topics) {
    const lists = listeners
      .filter(({ topics }) => topics.includes(topic))
      .map(({ heard }) => heard.filter(([of]) => of === topic).map(keyOf));
    const due = new Set([...said.filter(([of]) => of === topic).map(keyOf), ...lists.flat()]);
    const firsts = lists.map((list) => [...new Set(list)]);
    const order = firsts.reduce((longest, list) => (list.length > longest.length ? list : longest), []);
    const places = new Map(order.map((key, place) => [key, place]));
    lists.forEach((list, index) => {
      const first = firsts[index] ?? [];
      counts.lost += due.size - first.length;
      counts.doubled += list.length - first.length;
      counts.disordered += countFalls(first.map((key) => places.get(key) ?? Number.NaN));
    });
    counts.disordered += countOutOfTurn(order);
  }
  return counts;
}

/** How often a number is less than the one before. What is no number is passed over. */
function countFalls(numbers: readonly number[]): number {
  const known = numbers.filter((number) => !Number.isNaN(number));
  return known.filter((number, index) => index > 0 && number < (known[index - 1] ?? 0)).length;
}

/** How often somebody's operation stands behind a later one of theirs. */
function countOutOfTurn(order: readonly string[]): number {
  const numbers = new Map<string, number[]>();
  for (const key of order) {
    const [who = "", n] = key.split(" ");
    if (who.endsWith(TIMED)) continue;
    const list = numbers.get(who);
    if (list === undefined) numbers.set(who, [Number(n)]);
    else list.push(Number(n));
  }
  return [...numbers.values()].reduce((sum, list) => sum + countFalls(list), 0);
}

function keyOf([, who, n]: Said): string {
  return `${who} ${n}`;
}
