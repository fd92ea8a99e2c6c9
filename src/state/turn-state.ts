import type { Cache } from "../cache/cache.ts";
import type { SignedValues } from "../security/signed-values.ts";
import { EXCHANGES_KEY, type Exchanges, withExchange } from "../session/exchange.ts";
import { IDENTITY_KEY, type Identity, type NextSession } from "../session/identity.ts";
import { Session } from "../session/session.ts";
import type { Outgoing } from "../topics/outbox.ts";
import type { PresenceList } from "../topics/presence-list.ts";
import { checkedTopic } from "../topics/topic-name.ts";
import { TurnTopics } from "../topics/turn-topics.ts";
import { TurnUploads } from "../uploads/turn-uploads.ts";
import { type CookieRequest, Cookies } from "./cookies.ts";
import {
  Draft,
  type DraftOptions,
  NO_TIMERS,
  type SessionChanges,
  SessionError,
  type SessionStore,
} from "./draft.ts";
import { Flash, type FlashMessages, type FlashTaken } from "./flash.ts";
import { Structures } from "./structures/structures.ts";
import { type TabPlace, TabState } from "./tab-state.ts";
import type { TimerRecord } from "./timers.ts";
import type { TurnServices } from "./turn-services.ts";
import { type TimerPorts, Timers, TurnTimers } from "./turn-timers.ts";
import { Urls } from "./urls.ts";

/** For whom a turn runs: everything absent for a turn behind which there is no browser. */
export interface TurnVisitor {
  /** Scheme and host under which the visitor knows the site. */
  readonly origin?: string | undefined;
  /** Absent: cookies cannot be set, and the session's identity cannot be changed. */
  readonly cookies?: CookieRequest | undefined;
  readonly tab?: TabPlace | undefined;
  /** The session that takes the place of this one when it is reset. */
  readonly next?: NextSession | undefined;
  /** What the tab was shown already, where it is rendered again. */
  readonly shown?: FlashMessages | undefined;
  /** Which of the messages that wait are shown by this turn; absent: none. */
  readonly takesFlash?: FlashTaken;
  /** True for a page whose client cannot be given another cookie. */
  readonly isOutdated?: boolean;
}

/** Whose state a turn reads and writes. */
export interface TurnStateOptions extends DraftOptions {
  /** Names the session. */
  readonly id: string;
  readonly store: SessionStore;
  readonly visitor?: TurnVisitor;
  /** The `PUBLIC_URL` of the Worker. */
  readonly publicUrl?: unknown;
  /** Absent where none can be set: a turn outside a session object. */
  readonly timers?: Omit<TimerPorts, "stored">;
  /** The time in milliseconds since 1970. */
  readonly now?: () => number;
  /** What is outside of the draft; absent where a turn uses none of it. */
  readonly services?: TurnServices;
}

/** What a turn wants written, and what its browser is to be given. */
export interface TurnWrites {
  /** What is written to the session, or, when that has ended, all that is left of it. */
  readonly changes: SessionChanges;
  /** `Set-Cookie` headers. */
  readonly cookies: readonly string[];
  /** The `Cookie` header as the browser will send it from then on; absent when no cookie was set. */
  readonly cookieHeader?: string | undefined;
  /** The generation of the visitor's next cookie; absent: as it was. */
  readonly generation?: number | undefined;
  /** The session that takes the place of this one, and what was written for it; absent: it goes on. */
  readonly next?: { readonly session: NextSession; readonly seed: SessionChanges } | undefined;
  /** With what the browser fetches the cookies; absent when there are none, or they go with a response. */
  readonly ticket?: string | undefined;
  /** What is to be published once it is committed; among the changes too, unless the turn commits nothing. */
  readonly outgoing: readonly Outgoing[];
}

/** What a turn writes that has failed. */
export const NO_WRITES: TurnWrites = { changes: new Map(), cookies: [], outgoing: [] };

const NO_SERVICES: TurnServices = {
  get cache(): Cache {
    throw new Error("The cache was asked for in a turn that has no services");
  },
  structuresAt(key) {
    throw new Error(`structures.for(${JSON.stringify(key)}) was called in a turn that has no services`);
  },
};

/** Everything that one turn reads and writes of its session, in one draft: committed together, or not at all. */
export class TurnState {
  readonly session: Session;
  readonly tab: TabState;
  readonly flash: Flash;
  readonly cookies: Cookies;
  readonly urls: Urls;
  readonly structures: Structures;
  /** What the page rests on, and what is published. */
  readonly topics: TurnTopics;
  readonly #options: TurnStateOptions;
  readonly #draft: Draft;
  readonly #now: () => number;
  #hasEnded = false;
  #generation: number | undefined;
  #timers: TurnTimers | undefined;
  #uploads: TurnUploads | undefined;
  #taken: { readonly id: string; readonly timer: Pick<TimerRecord, "order"> } | undefined;
  #successor: TurnState | undefined;

  constructor(options: TurnStateOptions) {
    const { id, store, visitor = {}, publicUrl, now = Date.now, services = NO_SERVICES } = options;
    this.#options = options;
    this.#draft = new Draft(store, options);
    this.#now = now;
    const state = this;
    const identity = {
      get id() {
        return state.#hasEnded ? (visitor.next?.name ?? id) : id;
      },
      regenerate: () => this.#regenerate(),
      reset: () => this.#reset(),
    };
    this.session = new Session(identity, this.#draft);
    this.tab = new TabState(this.#draft, visitor.tab ?? { name: undefined }, now);
    this.flash = new Flash(this.#draft, visitor.shown, visitor.takesFlash ?? "none", visitor.tab?.name);
    this.cookies = new Cookies(this.#draft, visitor.cookies);
    this.urls = new Urls(visitor.origin, publicUrl);
    const at = (key: string) => services.structuresAt(key);
    this.structures = new Structures({ draft: this.#draft, now, at });
    this.topics = new TurnTopics(this.#draft, services.outbox ?? store, services.regionOf);
  }

  /** The timers that the turn sets and cancels. Throws where none can be set. */
  get timers(): TurnTimers {
    const { timers: ports } = this.#options;
    if (ports === undefined) throw new Error("Timers are set in a session object, and this turn has none");
    // Those of a session that has ended are not the next one's.
    const stored = () => (this.#hasEnded ? undefined : this.#options.store.timers) ?? NO_TIMERS;
    this.#timers ??= new TurnTimers(this.#draft, { ...ports, stored });
    return this.#timers;
  }

  /** The same, for a page: `url` is what the methods that they run get as theirs. */
  timersAt(url: string): Timers {
    return new Timers(this, url);
  }

  /** The uploads that the turn may take. Throws where there are none. */
  get uploads(): TurnUploads {
    const { services, store } = this.#options;
    if (services?.uploads === undefined)
      throw new Error("Uploads are taken in a session object, and this turn has none");
    this.#uploads ??= new TurnUploads(this.#draft, store, services.uploads);
    return this.#uploads;
  }

  /** Takes the timer out whose turn this is. */
  takeTimer(id: string, timer: Pick<TimerRecord, "order">): void {
    this.#taken = { id, timer };
    this.timers.take(id, timer);
  }

  /**
   * Begins anew: drops what was written so far, and gives a state to go on with, as this one was at first. Whoever still holds this one can
   * write no more; what becomes of it, by {@link close} and {@link abandon}, becomes of the new one.
   */
  restart(): TurnState {
    const { isClosed } = this;
    this.#draft.close();
    const successor = new TurnState(this.#options);
    this.#successor = successor;
    if (this.#taken !== undefined) successor.takeTimer(this.#taken.id, this.#taken.timer);
    if (isClosed) successor.abandon();
    return successor;
  }

  /** The state that the turn goes on with: this one, or what it was restarted as. */
  get current(): TurnState {
    return this.#successor?.current ?? this;
  }

  /** Signs what pages hand out, and verifies what comes back. Throws where nothing is signed. */
  get signed(): SignedValues {
    const signed = this.#options.services?.signed;
    if (signed === undefined)
      throw new Error("Values are signed in a session object, and this turn runs in none");
    return signed;
  }

  /** Who is present in a topic. Rejects with `TopicError` for what is no topic's name, and with what the platform says. */
  async rosterOf(topic: string): Promise<PresenceList> {
    const name = checkedTopic(topic);
    const { services } = this.#options;
    if (services?.rosterOf === undefined)
      throw new Error("Who is present is known in a session object, and this turn runs in none");
    return await services.rosterOf(name);
  }

  /** Throws where a turn was given no services. */
  get cache(): Cache {
    return (this.#options.services ?? NO_SERVICES).cache;
  }

  /**
   * Ends the turn's right to write and hands over what it wrote.
   *
   * @param newTicket makes that with which its browser may fetch what a socket cannot carry; absent when it gets it with a response
   */
  close(newTicket?: () => string): TurnWrites {
    if (this.#successor !== undefined) return this.#successor.close(newTicket);
    if (this.#draft.isClosed) return NO_WRITES;
    const { lines: cookies } = this.cookies;
    const cookieHeader = cookies.length === 0 ? undefined : this.cookies.header;
    const seed = this.#hasEnded ? new Map(this.#draft.changes) : undefined;
    const { next: session } = this.#options.visitor ?? {};
    const next = seed && session && { session, seed };
    if (next !== undefined) this.#leaveOnly(next.session.visitor);
    const outgoing = this.topics.take(this.#options.isReadonly !== true);
    const generation = this.#generation;
    const isTold = cookies.length > 0 || generation !== undefined || next !== undefined;
    if (newTicket === undefined || !isTold)
      return { changes: this.#draft.close(), cookies, cookieHeader, generation, next, outgoing };
    const before = this.#draft.read(EXCHANGES_KEY) as Exchanges | undefined;
    const ticket = newTicket();
    const exchange = { at: this.#now(), cookies, generation, next };
    this.#draft.write(EXCHANGES_KEY, withExchange(before, ticket, exchange));
    return { changes: this.#draft.close(), cookies, cookieHeader, generation, next, ticket, outgoing };
  }

  /** Ends the turn's right to write, if it has not ended, and drops what it wrote. */
  abandon(): void {
    this.#successor?.abandon();
    this.#draft.close();
  }

  /** True once the turn's right to write is over. */
  get isClosed(): boolean {
    return this.#draft.isClosed;
  }

  #regenerate(): void {
    this.#assertVisited("regenerate");
    if (this.#options.visitor?.isOutdated === true) {
      const advice = "the page was loaded before the last deploy, and has to be loaded again";
      throw new SessionError(
        "session-readonly",
        "",
        `session.regenerate() cannot give this client a cookie: ${advice}`,
      );
    }
    // A session that has only begun has a cookie that nobody could have had before.
    if (this.#hasEnded) return;
    const before = this.#draft.read(IDENTITY_KEY) as Identity | undefined;
    this.#generation ??= (before?.generation ?? 0) + 1;
    this.#draft.write(IDENTITY_KEY, this.#identity(this.#generation));
  }

  #reset(): void {
    this.#assertVisited("reset");
    this.#generation = undefined;
    this.#hasEnded = true;
    this.#timers = undefined;
    this.#draft.bare();
  }

  /** Of a session that has ended there stays that it has, and by whom. */
  #leaveOnly(next: string): void {
    this.#draft.bare();
    this.#draft.write(IDENTITY_KEY, { ...this.#identity(0), next });
    this.#uploads?.leave();
  }

  #identity(generation: number): Identity {
    return { generation, changedAt: this.#now(), author: this.#options.visitor?.tab?.name };
  }

  #assertVisited(what: string): void {
    this.#draft.assertOpen("", `The session's identity`);
    const { visitor } = this.#options;
    if (visitor?.cookies !== undefined && visitor.next !== undefined) return;
    const advice = "a timer cannot hand a cookie to anyone; do it in an action or a page";
    throw new SessionError(
      "session-readonly",
      "",
      `session.${what}() was called where no browser is: ${advice}`,
    );
  }
}
