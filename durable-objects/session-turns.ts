import { LIMITS } from "../src/protocol/limits.ts";
import type { Call, Hello, PageState } from "../src/protocol/messages.ts";
import type { CallRefusalCode } from "../src/protocol/refusals.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import { NO_WRITES } from "../src/state/turn-state.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import { TurnQueue } from "../src/turn/turn-queue.ts";
import { CallAnswers } from "./call-answers.ts";
import { CallLog } from "./call-log.ts";
import { CallTurns } from "./call-turns.ts";
import { PageKeeper } from "./page-keeper.ts";
import { type PlacedCall, storedCall, toldEnd } from "./placed-call.ts";
import { SessionAlarm } from "./session-alarm.ts";
import { endExpired } from "./session-end.ts";
import type { SessionOutbox } from "./session-outbox.ts";
import type { SessionPresence } from "./session-presence.ts";
import { SessionStanding } from "./session-standing.ts";
import { type StoredCall, StoredSession } from "./session-store.ts";
import { isStreamCall, SessionStreams } from "./session-streams.ts";
import { SessionTimers } from "./session-timers.ts";
import type { SessionTopics } from "./session-topics.ts";
import { SessionUploads } from "./session-uploads.ts";
import { SessionVisits } from "./session-visits.ts";
import { SessionWriter } from "./session-writer.ts";
import type { Tab } from "./tab.ts";
import { TabHeirs } from "./tab-heirs.ts";
import { isAt, type LocatedTab } from "./tab-place.ts";
import type { Tabs } from "./tabs.ts";
import { outboxOf, topicsOf, toucherOf } from "./topic-ports.ts";
import type { TurnOutcome } from "./turn-outcome.ts";
import { TurnStates } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/**
 * Runs the turns of one session, one at a time: calls of its tabs and page requests. Commits first, sends second, without
 * an await between them.
 */
export class SessionTurns<Env> {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #tabs: Tabs;
  readonly #queue = new TurnQueue();
  readonly #store: StoredSession;
  readonly #states: TurnStates<Env>;
  readonly #pages: PageKeeper<Env>;
  readonly #turns: CallTurns<Env>;
  readonly #writer: SessionWriter<Env>;
  /** Who may go on here. */
  readonly standing: SessionStanding;
  /** What comes over HTTP. */
  readonly visits: SessionVisits<Env>;
  readonly #heirs: TabHeirs;
  readonly #alarm: SessionAlarm;
  /** Runs what is due; sets what is asked for from outside. */
  readonly timers: SessionTimers<Env>;
  readonly #answers: CallAnswers;
  /** Files on their way from the visitor's browser to a reflex. */
  readonly uploads: SessionUploads<Env>;
  /** What the session's pages rest on. */
  readonly topics: SessionTopics<Tab>;
  readonly #streams: SessionStreams;
  /** Where the session is present, and who is with it. */
  readonly presence: SessionPresence<Tab>;
  /** What the session has published. */
  readonly outbox: SessionOutbox;
  #concurrent = 0;

  constructor(tabs: Tabs, surroundings: TurnSurroundings<Env>) {
    this.#surroundings = surroundings;
    this.#tabs = tabs;
    const { expiresInMs, now } = surroundings.runtime;
    const log = new CallLog(surroundings.runtime);
    const { storage, id } = surroundings.ctx;
    this.#store = new StoredSession(storage, { name: id.name, expiresInMs, now });
    this.#answers = new CallAnswers(this.#store, log);
    this.standing = new SessionStanding(this.#store, now);
    this.#states = new TurnStates(this.#store, surroundings, () => this);
    this.#heirs = new TabHeirs(this.#store, tabs, surroundings.runtime.tabExpiresInMs);
    [this.topics, this.presence] = topicsOf(surroundings, {
      tabs,
      standing: this.standing,
      session: this.#states.id,
      pages: () => this.#pages,
    });
    this.#streams = new SessionStreams({
      identifiers: this.#states.identifiers,
      topics: this.topics,
      log: (entry) => surroundings.runtime.log(entry),
    });
    this.outbox = outboxOf(surroundings, this.#store, this.#states.id);
    this.#pages = new PageKeeper(
      tabs,
      this.#states,
      { store: this.#store, queue: this.#queue, heirs: this.#heirs, topics: this.topics },
      surroundings,
    );
    this.#turns = new CallTurns(surroundings, {
      store: this.#store,
      states: this.#states,
      pages: this.#pages,
      log,
    });
    const parts = {
      queue: this.#queue,
      store: this.#store,
      states: this.#states,
      pages: this.#pages,
      standing: this.standing,
      topics: this.topics,
      outbox: this.outbox,
    };
    this.timers = new SessionTimers(surroundings, parts);
    this.uploads = new SessionUploads(surroundings, { store: this.#store, standing: this.standing });
    this.#alarm = new SessionAlarm(this.#store, [this.#heirs, this.timers, this.uploads, this.outbox], now);
    this.#writer = new SessionWriter({ ...parts, tabs, heirs: this.#heirs });
    this.visits = new SessionVisits(surroundings, { ...parts, writer: this.#writer });
    this.outbox.resume();
  }

  /** A page load says where it stands: sends it what it missed. Never rejects. */
  async greet(tab: Tab, hello: Hello, isKnown: boolean): Promise<void> {
    tab.acknowledge(hello.low);
    this.presence.moved(tab);
    await this.#pages.greet(tab, hello, isKnown, this.#store.recordOf(hello.tab));
  }

  /** A tab has every answer below a number, and has read so many frames with updates, if it says. */
  acknowledged(tab: Tab, low: number, seen: number | undefined): void {
    tab.acknowledge(low);
    if (seen !== undefined) this.#pages.hasRead(tab, seen);
  }

  /** A tab shows another page than it said last, if it has said any. Never rejects. */
  async located(tab: Tab, url: string, state: PageState | undefined): Promise<void> {
    await this.#pages.located(tab, url, state);
  }

  /** Sends a tab what it found changed by something else: a fragment, or the page. Never rejects. */
  async restore(tab: LocatedTab, address: string): Promise<void> {
    await this.#pages.restore(tab, address);
  }

  /**
   * A tab has lost its socket.
   *
   * @param isForGood true for a page that was left with every call answered: nothing of it will be asked again
   */
  left(tab: Tab, isForGood: boolean): void {
    if (isForGood || tab.id === undefined) this.topics.left(tab);
    else this.presence.moved(tab);
    if (tab.id === undefined) return;
    if (isForGood) this.#store.left(tab.id);
    if (!this.#heirs.hasState(tab.id)) return;
    this.#surroundings.ctx.waitUntil(
      this.#queue.run(async () => this.#heirs.gone(tab, this.#surroundings.runtime.now())),
    );
  }

  /**
   * Runs a call and answers it; one that ran before is answered as it was. `chars`: how long its frame was. Never rejects.
   */
  async call(tab: LocatedTab, call: Call, chars: number): Promise<void> {
    const key = `${call.tab ?? ""}#${call.number}`;
    // A second copy: the answer to the first one is its answer.
    if (tab.waiting.has(key)) return;
    const placed = this.#place(tab, call);
    if (isStreamCall(call.target)) return await this.#streams.answer(tab, placed);
    const hasRoom = this.#queue.hasRoom(chars);
    // What has run needs no room; but where there is, it is answered in its turn: what it shows lies over the page that turns
    // before it bring.
    if (!(hasRoom && placed.mode === "stored") && this.#answers.answeredBefore(tab, placed)) return;
    if (placed.mode === "concurrent" && this.standing.hasEnded)
      return this.#answers.refuse(tab, placed, "session-ended");
    if (!hasRoom) return this.#answers.refuseAtOnce(tab, placed);
    tab.waiting.add(key);
    try {
      if (placed.mode === "concurrent" && this.#concurrent < LIMITS.concurrentTurns)
        await this.#runBeside(tab, placed, chars);
      else await this.#queue.run(() => this.#runNext(tab, placed), chars);
    } finally {
      tab.waiting.delete(key);
    }
  }

  /** Answers a call that was understood no further than its number, in its turn. Never rejects. */
  async refuse(tab: LocatedTab, number: number, code: CallRefusalCode, cause: unknown): Promise<void> {
    const call = this.#place(tab, { number, target: "", detail: {} });
    if (!this.#queue.hasRoom()) return this.#answers.refuseAtOnce(tab, call);
    await this.#queue.run(async () => {
      if (!this.#answers.answeredBefore(tab, call))
        this.#conclude(tab, call, { end: { kind: "refused", code, cause }, writes: NO_WRITES });
    });
  }

  /** Takes over what was written for this session before it began: once, and only then. */
  async adopt(seed: SessionChanges, origin: string, call?: StoredCall): Promise<void> {
    await this.#queue.run(async () => {
      if (this.#store.expiresAt === undefined)
        this.#writer.write({ ...NO_WRITES, changes: seed }, { origin, call });
    });
  }

  /**
   * Something is due. Rejects only when nothing can be stored.
   *
   * @param isAgain true when the ring before came to no end
   */
  async ring(isAgain: boolean): Promise<void> {
    const { uploads, topics, outbox } = this;
    const remains = { store: this.#store, tabs: this.#tabs, uploads, topics, outbox };
    await this.#alarm.ring(isAgain, () => this.#queue.run(() => endExpired(remains)));
  }

  #place(tab: LocatedTab, call: Call): PlacedCall {
    const mode = this.#surroundings.runtime.modeOf(call.target);
    const url = call.url === undefined ? tab.url : new URL(call.url, tab.url);
    const { socket } = tab;
    const at = this.#surroundings.runtime.now();
    return { ...call, at, mode, callId: crypto.randomUUID(), url, origin: call.tab ?? tab.id, socket };
  }

  /** One turn of the queue. */
  async #runNext(tab: Tab, call: PlacedCall): Promise<void> {
    // Who sent it may not be whom the session belongs to by now; who it does belong to makes the call again.
    if (this.#tabs.hasShutOut(call.socket) || this.#answers.answeredBefore(tab, call)) return;
    if (this.standing.hasEnded) return this.#answers.refuse(tab, call, "session-ended");
    const at = this.topics.now;
    this.#conclude(tab, call, await this.#turns.run(tab, call), at);
  }

  /** The action runs beside the queue; its page is rendered in it, when no other turn reads or changes what the tab shows. */
  async #runBeside(tab: Tab, call: PlacedCall, chars: number): Promise<void> {
    this.#concurrent += 1;
    const acted = await this.#turns.act(tab, call).finally(() => {
      this.#concurrent -= 1;
    });
    await this.#queue.run(async () => {
      if (this.standing.hasEnded) return this.#answers.refuse(tab, call, "session-ended");
      // By another copy of it, before this one came.
      if (this.#answers.answeredBefore(tab, call)) return;
      const at = this.topics.now;
      this.#conclude(tab, call, await this.#turns.show(tab, call, acted), at);
    }, chars);
  }

  /**
   * Writes what a turn came to, and answers.
   *
   * @param at what the session's topics had counted as it began
   */
  #conclude(tab: Tab, call: PlacedCall, outcome: TurnOutcome, at = this.topics.now): void {
    const { url } = call;
    const end = toldEnd(tab, outcome.end, outcome.writes, this.#store.isRenewalDue);
    try {
      this.#writer.write(outcome.writes, {
        // What was made elsewhere, or for a page that the tab has left, does not show what it changed.
        author: isAt(tab, url) ? tab : undefined,
        caller: tab,
        toucher: isAt(tab, url) && hasRendered(outcome.end) ? toucherOf(this.#states.id, tab) : undefined,
        call: storedCall(this.#store.recordOf(call.origin ?? ""), tab, call, end),
        origin: url.origin,
      });
    } catch (cause) {
      // Not even the number is stored, so the call may be made again.
      return this.#answers.answer(tab, call, { kind: "refused", code: "reflex-failed", cause });
    }
    if (call.origin === tab.id && call.mode === "stored") tab.unsaved.clear();
    this.#answers.answer(tab, call, end);
    if (end.kind !== "done" || !isAt(tab, url)) return;
    this.#tabs.used(tab);
    if (end.subscribed !== undefined) this.topics.rests(tab, { subscribed: end.subscribed, at });
  }
}

/** True where the whole page was rendered behind the action: what that has touched is in it. */
function hasRendered(end: TurnEnd): boolean {
  return end.kind === "done" && end.subscribed !== undefined && end.shown !== undefined;
}
