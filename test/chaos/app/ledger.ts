import { html, Reflex, type Session } from "edge-reflex";

/** A call: which tab made it, and its number there. */
type Numbered = readonly [tab: string, n: number];

/** The same as the page lists it, with what the counter said then: a call that ran twice makes two entries. */
export type Entry = readonly [...Numbered, count: number];

/** What the session of the application under chaos holds. */
export interface LedgerValues {
  /** How many calls were counted. */
  count: number;
  /** The last entries, newest first: what the page lists. */
  recent: readonly Entry[];
  /** How often it has published: pages of one topic differ from visitor to visitor by it. */
  written: number;
  /** The tabs that have a list. */
  tabs: readonly string[];
  /** Every call of one tab, in the order in which it ran. */
  [list: `list ${string}`]: readonly number[];
}

/** How many entries the page lists. */
const RECENT = 12;

/**
 * Writes down every call. That the counter, the lists and the page agree in the end tells that each ran exactly once:
 * all of them are read and written again, so that calls which interleave lose some.
 */
export class Ledger extends Reflex<LedgerValues> {
  static override readonly ephemeral = ["peek"];
  static override readonly concurrent = ["look"];

  append(tab: unknown, n: unknown): void {
    write(this.session, toEntry(tab, n));
  }

  /** Reads before it waits and writes behind it: the worst that an author can write. */
  async appendSlowly(tab: unknown, n: unknown): Promise<void> {
    const entry = toEntry(tab, n);
    const count = this.session.get("count") ?? 0;
    const milliseconds = 1 + (entry[1] % 5);
    await scheduler.wait(milliseconds);
    write(this.session, entry);
    this.session.set("count", count + 1);
  }

  /** The same for a declared reflex: the button says which call it is. */
  press(): void {
    const { tab, n } = this.element.dataset;
    write(this.session, toEntry(tab, Number(n)));
  }

  /** Answers with what no later render can make up for: the runtime has to keep it until it has come. */
  tell(tab: unknown, n: unknown): void {
    write(this.session, toEntry(tab, n));
    this.morph("#count", html`${this.session.get("count")}`);
  }

  /** Only reads, and shows nothing. */
  peek(): void {
    this.session.get("recent");
    this.morph("nothing");
  }

  /** Only reads, beside other calls, and shows the page. */
  async look(): Promise<void> {
    this.session.get("count");
    await scheduler.wait(2);
    this.session.get("recent");
  }
}

/** Everything that the ledger holds, as the harness counts it. */
export function readLedger(session: Session<LedgerValues>): {
  readonly count: number;
  readonly lists: Readonly<Record<string, readonly number[]>>;
} {
  const tabs = session.get("tabs") ?? [];
  const lists = tabs.map((tab) => [tab, session.get(`list ${tab}`) ?? []] as const);
  return { count: session.get("count") ?? 0, lists: Object.fromEntries(lists) };
}

function write(session: Session<LedgerValues>, [tab, n]: Numbered): void {
  const count = (session.get("count") ?? 0) + 1;
  const tabs = session.get("tabs") ?? [];
  if (!tabs.includes(tab)) session.set("tabs", [...tabs, tab]);
  session.set(`list ${tab}`, [...(session.get(`list ${tab}`) ?? []), n]);
  session.set("recent", [[tab, n, count] as const, ...(session.get("recent") ?? [])].slice(0, RECENT));
  session.set("count", count);
}

function toEntry(tab: unknown, n: unknown): Numbered {
  if (typeof tab === "string" && typeof n === "number" && Number.isInteger(n)) return [tab, n];
  throw new TypeError(`Expected a tab's name and a number, got ${JSON.stringify([tab, n])}`);
}
