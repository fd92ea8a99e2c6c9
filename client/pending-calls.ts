import { isCallNumber, isPageUrl, isTabId } from "../src/protocol/call-codec.ts";
import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import { ReflexError, type ReflexErrorCode } from "./errors.ts";
import type { CallPlace } from "./given-focus.ts";
import type { Reply } from "./replies.ts";

/** What outlives a page in its browser tab: `sessionStorage`. */
export interface PageStorage {
  /** What was written last; `null` when nothing was, or when it is not to be had. */
  read(): string | null;
  /** `null` removes it. */
  write(text: string | null): void;
}

/** An address that the server was told. Another object each time: what was dropped in between is missing in the page. */
export interface Told {
  /** Where the page is: elsewhere once operations of the server have moved it. */
  url: string;
  /** What the server was told. */
  said: string;
}

/** Told how far a call is that has not ended. */
export interface CallWatcher {
  /** Where it was made, for a page that gives the focus. */
  readonly place?: CallPlace;
  /** It waits to be sent; it was, for the first time; its answer is about to change the page, and says so much. */
  enter(stage: "queued" | "delivered" | "before-morph", reply?: Omit<Reply, "hasHead">): void;
}

/** A call that is not answered. */
export interface PendingCall {
  readonly target: string;
  /** Target, element, form and arguments as they travel, written when the call was made. */
  readonly text: string;
  /** Where the page was then, or where operations of the server have moved it since. */
  url: string;
  /** When that was, in milliseconds since 1970. */
  readonly at: number;
  /** The page load that made it, when it was an earlier one. */
  readonly tab?: string;
  /** Of this element's calls of the same target, only the last is to be shown. */
  readonly latestOf?: object | undefined;
  readonly watcher?: CallWatcher | undefined;
  settle(outcome: string, payload?: unknown): void;
  fail(code: ReflexErrorCode, message?: string, callId?: string, payload?: unknown): void;
  /** Where the server takes the page to be that the answer is for. */
  from?: Told | undefined;
  /** True once it was sent on this socket. */
  isSent?: boolean;
  /** True once it was sent on any: then it may have run. */
  wasSent?: boolean;
  /** The number of the call that takes its place. */
  by?: number;
}

/** Names the form in which calls are kept. */
const FORMAT = 1;

/** As it is kept in storage. */
type KeptCall = readonly [tab: string, number: number, at: number, url: string, text: string];

/** The calls of a page that are not answered, by their numbers, in their order. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>();
  readonly #changed: (count: number) => void;
  /** Those that storage had when the page was loaded, by tab and number. */
  readonly #inherited = new Set<string>();
  #chars = 0;
  #last = 0;

  /** @param changed told how many there are, whenever that has changed */
  constructor(changed: (count: number) => void) {
    this.#changed = changed;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Every call of this page load below this number has its answer. */
  get low(): number {
    for (const [number, { tab }] of this.#calls) if (tab === undefined) return number;
    return this.#last + 1;
  }

  get(number: number): PendingCall | undefined {
    return this.#calls.get(number);
  }

  /** In order; what is taken meanwhile is passed over. */
  all(): IterableIterator<[number: number, call: PendingCall]> {
    return this.#calls.entries();
  }

  hasRoom(chars: number): boolean {
    const { clientWaitingCalls, clientWaitingChars } = CLIENT_LIMITS;
    return this.#calls.size < clientWaitingCalls && this.#chars + chars <= clientWaitingChars;
  }

  /**
   * Numbers the call. It takes the place of those that are not to be shown any more. Not numbered before: a number that waits
   * to be used would be taken for one that is answered.
   */
  add(call: PendingCall, number = this.#last + 1): void {
    for (const [earlier, other] of this.#calls) {
      if (call.latestOf === undefined || other.latestOf !== call.latestOf || other.target !== call.target)
        continue;
      other.by = number;
      // Nobody has seen it, so nobody misses it.
      if (!other.wasSent) this.take(earlier)?.settle("superseded");
    }
    this.#last = Math.max(this.#last, number);
    this.#calls.set(number, call);
    this.#chars += call.text.length;
    this.#changed(this.size);
  }

  /** Its answer has come. */
  take(number: number): PendingCall | undefined {
    const call = this.#calls.get(number);
    if (call === undefined) return undefined;
    this.#calls.delete(number);
    this.#chars -= call.text.length;
    this.#changed(this.size);
    return call;
  }

  /** Operations have moved a page to another address, and it is the same page: what is under way is for it. */
  moved(told: Told, here: string): void {
    for (const call of this.#calls.values()) if (!call.tab && call.url === told.url) call.url = here;
    told.url = here;
  }

  failAll(code: ReflexErrorCode): void {
    for (const [number] of this.all()) this.take(number)?.fail(code);
  }

  /**
   * Leaves them for the next page that this browser tab loads; with what another page has left since this one was loaded, which
   * was in the back/forward cache meanwhile.
   *
   * @param tab names this page load
   * @param session names the session that they are for; empty when that is not known
   * @returns true when there are some of this page's
   */
  save(storage: PageStorage, tab: string, session: string): boolean {
    const calls = Array.from(
      this.#calls,
      ([number, call]): KeptCall => [call.tab ?? tab, number, call.at, call.url, call.text],
    );
    const { session: theirs, calls: present } = read(storage);
    const others = present.filter((call) => call[0] !== tab && !this.#inherited.has(nameOf(call)));
    const all = theirs === session || session === "" || theirs === "" ? [...calls, ...others] : calls;
    const kept = all.slice(0, CLIENT_LIMITS.clientWaitingCalls);
    storage.write(kept.length === 0 ? null : JSON.stringify([FORMAT, session || theirs, ...kept]));
    return calls.length > 0;
  }

  /**
   * Takes over what the last page left. Nobody holds a promise of those any more, so failures go to the console.
   *
   * @returns the session that they were meant for; empty when that is not known
   */
  restore(storage: PageStorage): string {
    const { session, calls } = read(storage);
    for (const call of calls) {
      const [tab, number, at, url, text] = call;
      // Replies say the number alone: of two pages that have the same, the other waits for the next.
      if (this.#calls.has(number)) continue;
      const target = String(JSON.parse(`[${text}]`)[0]);
      const fail: PendingCall["fail"] = (code, message, id) =>
        console.error(new ReflexError(target, code, message, id));
      this.#inherited.add(nameOf(call));
      this.add({ target, text, url, at, tab, settle: () => {}, fail }, number);
    }
    return session;
  }
}

function read(storage: PageStorage): { readonly session: string; readonly calls: readonly KeptCall[] } {
  try {
    const [format, session, ...calls]: [number, string, ...KeptCall[]] = JSON.parse(storage.read() ?? "[]");
    if (format === FORMAT && calls.every(isKept)) return { session, calls };
  } catch {
    // Written by something else.
  }
  return { session: "", calls: [] };
}

function nameOf([tab, number]: KeptCall): string {
  return `${tab}#${number}`;
}

/** Storage is the site's, so other scripts write it too: one call that the server does not understand would stop all others. */
function isKept([tab, number, at, url, text]: KeptCall): boolean {
  return (
    isTabId(tab) &&
    isCallNumber(number) &&
    Number.isFinite(at) &&
    isPageUrl(url) &&
    text.length < CLIENT_LIMITS.clientFrameChars - CLIENT_LIMITS.urlChars &&
    Array.isArray(JSON.parse(`[${text}]`))
  );
}
