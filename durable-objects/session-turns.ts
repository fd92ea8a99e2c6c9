import { LIMITS } from "../src/protocol/limits.ts";
import type { Call, Hello, PageState } from "../src/protocol/messages.ts";
import type { CallRefusalCode } from "../src/protocol/refusals.ts";
import type { LogLine } from "../src/reflex/call-logger.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import { NO_WRITES, type TurnState } from "../src/state/turn-state.ts";
import type { Acted } from "../src/turn/act.ts";
import type { TurnInput } from "../src/turn/call-context.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import { actTurn, runTurn, showTurn, type TurnPorts } from "../src/turn/turn.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import { TurnQueue } from "../src/turn/turn-queue.ts";
import { CallLog } from "./call-log.ts";
import { answerTo } from "./call-record.ts";
import { PageKeeper } from "./page-keeper.ts";
import {
  inputOf,
  type PlacedCall,
  refusalOf,
  refusedFrame,
  reply,
  storedCall,
  toldEnd,
} from "./placed-call.ts";
import { SessionAlarm } from "./session-alarm.ts";
import { endExpired } from "./session-end.ts";
import { SessionStanding } from "./session-standing.ts";
import { type StoredCall, StoredSession } from "./session-store.ts";
import { SessionTimers } from "./session-timers.ts";
import { SessionUploads } from "./session-uploads.ts";
import { SessionVisits } from "./session-visits.ts";
import { SessionWriter } from "./session-writer.ts";
import type { Tab } from "./tab.ts";
import { TabHeirs } from "./tab-heirs.ts";
import { isAt, type LocatedTab } from "./tab-place.ts";
import type { Tabs } from "./tabs.ts";
import { outcomeOf, type TurnOutcome } from "./turn-outcome.ts";
import { TurnStates } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

const newTicket = () => crypto.randomUUID();

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
  readonly #writer: SessionWriter<Env>;
  /** Who may go on here. */
  readonly standing: SessionStanding;
  /** What comes over HTTP. */
  readonly visits: SessionVisits<Env>;
  readonly #heirs: TabHeirs;
  readonly #alarm: SessionAlarm;
  /** Runs what is due; sets what is asked for from outside. */
  readonly timers: SessionTimers<Env>;
  readonly #log: CallLog;
  /** Files on their way from the visitor's browser to a reflex. */
  readonly uploads: SessionUploads<Env>;
  #concurrent = 0;

  constructor(tabs: Tabs, surroundings: TurnSurroundings<Env>) {
    this.#surroundings = surroundings;
    this.#tabs = tabs;
    const { expiresInMs, now } = surroundings.runtime;
    this.#log = new CallLog(surroundings.runtime);
    this.#store = new StoredSession(surroundings.ctx.storage, { expiresInMs, now });
    this.standing = new SessionStanding(this.#store, now);
    this.#states = new TurnStates(this.#store, surroundings);
    this.#heirs = new TabHeirs(this.#store, tabs, surroundings.runtime.tabExpiresInMs);
    this.#pages = new PageKeeper(
      tabs,
      this.#states,
      { store: this.#store, queue: this.#queue, heirs: this.#heirs },
      surroundings,
    );
    this.timers = new SessionTimers(surroundings, {
      queue: this.#queue,
      store: this.#store,
      states: this.#states,
      pages: this.#pages,
      standing: this.standing,
    });
    this.uploads = new SessionUploads(surroundings, { store: this.#store, standing: this.standing });
    this.#alarm = new SessionAlarm(this.#store, [this.#heirs, this.timers, this.uploads], now);
    this.#writer = new SessionWriter(this.#store, tabs, this.#pages, this.#heirs);
    this.visits = new SessionVisits(surroundings, {
      queue: this.#queue,
      store: this.#store,
      states: this.#states,
      pages: this.#pages,
      writer: this.#writer,
      standing: this.standing,
    });
  }

  /** A page load says where it stands: sends it what it missed. Never rejects. */
  async greet(tab: Tab, hello: Hello, isKnown: boolean): Promise<void> {
    tab.acknowledge(hello.low);
    await this.#pages.greet(tab, hello, isKnown, this.#store.recordOf(hello.tab));
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
    const hasRoom = this.#queue.hasRoom(chars);
    // What has run needs no room; but where there is, it is answered in its turn: what it shows lies over the page that turns
    // before it bring.
    if (!(hasRoom && placed.mode === "stored") && this.#answeredBefore(tab, placed)) return;
    if (placed.mode === "concurrent" && this.standing.hasEnded)
      return this.#refuse(tab, placed, "session-ended");
    if (!hasRoom) return this.#refuseAtOnce(tab, placed);
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
    if (!this.#queue.hasRoom()) return this.#refuseAtOnce(tab, call);
    await this.#queue.run(async () => {
      if (!this.#answeredBefore(tab, call))
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
    const remains = { store: this.#store, tabs: this.#tabs, uploads: this.uploads };
    await this.#alarm.ring(isAgain, () => this.#queue.run(async () => await endExpired(remains)));
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
    if (this.#tabs.hasShutOut(call.socket) || this.#answeredBefore(tab, call)) return;
    if (this.standing.hasEnded) return this.#refuse(tab, call, "session-ended");
    const { mode, url } = call;
    await this.#states.prepare();
    const isStored = mode === "stored";
    const state = this.#states.forCall(tab, url, !isStored);
    const pageState = isStored ? state : this.#states.forRender(tab, url, this.#store, undefined);
    const outcome = await this.#withinTime([state, pageState], async () => {
      const page = { state: pageState, shown: await this.#pages.shownAt(tab, call.url) };
      return await runTurn(this.#input(tab, call, state), page, this.#ports(tab));
    });
    this.#conclude(tab, call, outcome);
  }

  /** The action runs beside the queue; its page is rendered in it, when no other turn reads or changes what the tab shows. */
  async #runBeside(tab: Tab, call: PlacedCall, chars: number): Promise<void> {
    this.#concurrent += 1;
    const state = this.#states.forCall(tab, call.url, true);
    let acted: Acted | TurnEnd;
    try {
      const act = actTurn(this.#input(tab, call, state), this.#ports(tab));
      acted = await withDeadline(act, LIMITS.turnMs, this.#surroundings.runtime.timer);
    } catch (cause) {
      acted = refusalOf(cause);
    } finally {
      state.abandon();
      this.#concurrent -= 1;
    }
    await this.#queue.run(async () => {
      if (this.standing.hasEnded) return this.#refuse(tab, call, "session-ended");
      const pageState = this.#states.forRender(tab, call.url, this.#store, undefined);
      const outcome = await this.#withinTime([pageState], async () => {
        const page = { state: pageState, shown: await this.#pages.shownAt(tab, call.url) };
        return await showTurn(acted, page, this.#ports(tab));
      });
      this.#conclude(tab, call, { ...outcome, writes: NO_WRITES });
    }, chars);
  }

  async #withinTime(
    states: readonly [TurnState, ...TurnState[]],
    turn: () => Promise<TurnEnd>,
  ): Promise<TurnOutcome> {
    return await outcomeOf(turn, states, { timer: this.#surroundings.runtime.timer, newTicket });
  }

  /** Writes what a turn came to, and answers. */
  #conclude(tab: Tab, call: PlacedCall, outcome: TurnOutcome): void {
    const { url } = call;
    const end = toldEnd(tab, outcome.end, outcome.writes, this.#store.isRenewalDue);
    try {
      this.#writer.write(outcome.writes, {
        // What was made elsewhere, or for a page that the tab has left, does not show what it changed.
        author: isAt(tab, url) ? tab : undefined,
        caller: tab,
        call: storedCall(this.#store.recordOf(call.origin ?? ""), tab, call, end),
        origin: url.origin,
      });
    } catch (cause) {
      // Not even the number is stored, so the call may be made again.
      return this.#answer(tab, call, { kind: "refused", code: "reflex-failed", cause });
    }
    if (call.origin === tab.id && call.mode === "stored") tab.unsaved.clear();
    this.#answer(tab, call, end);
    if (end.kind === "done" && isAt(tab, url)) this.#tabs.used(tab);
  }

  #answer(tab: Tab, call: PlacedCall, end: TurnEnd): void {
    this.#log.answered(call, end, reply(tab, call, end));
  }

  /** True when the call ran before, and has been answered so. What may run again does, unless its answer is on the way. */
  #answeredBefore(tab: Tab, { origin, mode, number, url }: PlacedCall): boolean {
    if (origin === undefined) return false;
    if (mode !== "stored") {
      const isOnItsWay = origin === tab.id && tab.hasAnswered(number);
      if (isOnItsWay) tab.send([number]);
      return isOnItsWay;
    }
    const unsaved = origin === tab.id ? tab.unsaved.get(number) : undefined;
    const answer = unsaved === undefined ? answerTo(this.#store.recordOf(origin), number) : { kept: unsaved };
    if (answer === undefined) return false;
    tab.answerAgain(number, answer.kept, origin === tab.id && isAt(tab, url));
    return true;
  }

  /** Refuses a call without a turn, for want of room. Kept in memory until a later call of the tab is written. */
  #refuseAtOnce(tab: Tab, call: PlacedCall): void {
    const frame = refusedFrame(call, "too-many-waiting");
    if (call.origin !== undefined && call.origin === tab.id && tab.unsaved.size < LIMITS.keptReplies)
      tab.unsaved.set(call.number, JSON.stringify(frame));
    tab.send(frame);
  }

  #refuse(tab: Tab, call: PlacedCall, code: CallRefusalCode): void {
    tab.send(refusedFrame(call, code));
  }

  #input(tab: Tab, call: PlacedCall, state: TurnState): TurnInput {
    const log = (line: LogLine) => this.#log.said(call, line);
    return inputOf(tab, call, { state, env: this.#surroundings.env, log });
  }

  #ports(tab: Tab): TurnPorts {
    return this.#pages.ports(tab);
  }
}
