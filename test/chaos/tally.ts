import type { TabState } from "./chaos-tab.ts";

/** What the session holds in the end. */
export interface LedgerState {
  readonly count: number;
  /** By tab: the numbers of its calls, in the order in which they ran. */
  readonly lists: Readonly<Record<string, readonly number[]>>;
}

/** What is counted. All are 0 when every call ran exactly once and in order, and its caller knows. */
export interface Counts {
  /** Calls that the ledger does not hold, whatever their callers were told. */
  readonly lost: number;
  /** Entries of the ledger beyond one for each call. */
  readonly doubled: number;
  /** Entries behind an entry of the same tab with a greater number. */
  readonly disordered: number;
  /** Promises that are open. */
  readonly unsettled: number;
}

/** Compares what the tabs did with what the session holds. The counter and the lists are held against each other too. */
export function tally(tabs: ReadonlyMap<string, TabState>, ledger: LedgerState): Counts {
  const perTab = [...tabs].map(([name, { issued, waiting }]) => {
    const list = ledger.lists[name] ?? [];
    const present = new Set(list.filter((n) => n >= 1 && n <= issued));
    const [lost, doubled] = [issued - present.size, list.length - present.size];
    return { lost, doubled, disordered: countDisordered(list), unsettled: waiting };
  });
  const entries = Object.values(ledger.lists).reduce((sum, list) => sum + list.length, 0);
  const sum = (key: keyof Counts) => perTab.reduce((total, counts) => total + counts[key], 0);
  return {
    lost: sum("lost") + Math.max(0, entries - ledger.count),
    doubled: sum("doubled") + Math.max(0, ledger.count - entries),
    disordered: sum("disordered"),
    unsettled: sum("unsettled"),
  };
}

/** Calls that ended otherwise than they should have, by how. */
export function countRejected(tabs: Iterable<TabState>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { settled } of tabs) {
    for (const [, due, outcome] of settled) {
      if (outcome !== due) counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
  }
  return counts;
}

function countDisordered(list: readonly number[]): number {
  let greatest = 0;
  let disordered = 0;
  for (const n of list) {
    if (n < greatest) disordered += 1;
    greatest = Math.max(greatest, n);
  }
  return disordered;
}
