import { LIMITS } from "../src/protocol/limits.ts";
import type { Call } from "../src/protocol/messages.ts";
import { CALL_REFUSALS, type CallRefusalCode } from "../src/protocol/refusals.ts";
import { Session, type SessionChanges, type SessionStore } from "../src/session/session.ts";
import { DeadlineError, withDeadline } from "../src/turn/deadline.ts";
import { restore } from "../src/turn/showing.ts";
import { recallPage, renderAgain, runTurn, type TurnPorts } from "../src/turn/turn.ts";
import type { PageCause, PageRequest, Shown, TurnEnd } from "../src/turn/turn-end.ts";
import { TurnQueue } from "../src/turn/turn-queue.ts";
import { SessionPast } from "./session-past.ts";
import type { SessionRuntime } from "./session-runtime.ts";
import { StoredSession } from "./session-store.ts";
import type { Tab } from "./tab.ts";
import type { Tabs } from "./tabs.ts";

/** Where the turns of a session run. */
export interface TurnSurroundings<Env> {
  readonly runtime: SessionRuntime<Env>;
  readonly env: Env;
  readonly ctx: DurableObjectState;
}

/** What renders are told that no browser waits for, in a tab that has called nothing yet. */
const NO_CALL: PageCause = { callId: "", target: "" };

/** A tab that has said where it is. */
export type LocatedTab = Tab & { readonly url: URL };

/** A call, and where the tab was when it made it. */
interface PlacedCall extends Call {
  readonly callId: string;
  readonly url: URL;
}

/**
 * Runs the turns of one session, one at a time: calls of its tabs, page requests, and what keeps tabs up to date
 * that did not ask. Commits first, sends second, without an await between them.
 */
export class SessionTurns<Env> {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #tabs: Tabs;
  readonly #queue = new TurnQueue();
  readonly #store: StoredSession;
  /** Tabs that have not seen what was committed since they were brought up to date. */
  readonly #stale = new Set<Tab>();
  /** The session as stale tabs show it. */
  #past: SessionPast;
  /** How many commits there were in this life of the object. */
  #version = 0;
  /** The pages that browsers loaded last: by what they say of themselves, the version that they left the session in. */
  readonly #visits = new Map<string, number>();

  constructor(tabs: Tabs, surroundings: TurnSurroundings<Env>) {
    this.#surroundings = surroundings;
    this.#tabs = tabs;
    this.#store = new StoredSession(surroundings.ctx.storage);
    this.#past = new SessionPast(this.#store);
  }

  /** Runs a call and answers it. `chars`: how long its frame was. Never rejects. */
  async call(tab: LocatedTab, call: Call, chars: number): Promise<void> {
    const callId = crypto.randomUUID();
    const { number, target } = call;
    if (!this.#queue.hasRoom(chars)) return this.refuse(tab, number, "too-many-waiting", callId);
    const { url } = tab;
    await this.#queue.run(async () => {
      const end = await this.#runTurn(tab, { ...call, callId, url });
      if (end.kind === "done") {
        // A tab that has moved on meanwhile shows another page than the one that was rendered for it.
        if (!isAt(tab, url)) return tab.leave(number, end);
        tab.bring(number, end, { callId, target });
        return this.#tabs.used(tab);
      }
      this.#log(end, { id: callId, target, url });
      this.refuse(tab, number, end.code, callId);
    }, chars);
  }

  /**
   * A tab has said which page it came with: brings it up to date when something else has been committed since, or the
   * page has been changed. Never rejects.
   *
   * @param visit empty for a page that has been changed
   */
  async located(tab: LocatedTab, visit: string): Promise<void> {
    const version = visit === "" ? undefined : (this.#visits.get(visit) ?? this.#version);
    if (version === this.#version || !this.#queue.hasRoom()) return;
    const { url } = tab;
    await this.#queue.run(async () => {
      if (!isAt(tab, url) || tab.shown !== undefined || this.#stale.has(tab)) return;
      const shown = await this.#shownBy(tab);
      if (shown === undefined) await this.#renderAgain(tab, undefined);
      else if (isAt(tab, url)) tab.show(shown);
      this.#tabs.used(tab);
    });
  }

  /** Sends a tab what it found changed by something else: a fragment, or the page. Never rejects. */
  async restore(tab: LocatedTab, address: string): Promise<void> {
    // Not answered now, the tab is sent its page whole with its next update.
    if (!this.#queue.hasRoom()) return tab.show(undefined);
    if (tab.restoring.has(address)) return;
    tab.restoring.add(address);
    const { url } = tab;
    await this.#queue.run(async () => {
      tab.restoring.delete(address);
      const shown = address === "" ? undefined : await this.#shownBy(tab);
      if (!isAt(tab, url)) return;
      if (shown !== undefined) tab.bring("p", restore(shown, address));
      else await this.#renderAgain(tab, undefined);
      this.#tabs.used(tab);
    });
  }

  /** Answers a page request. Never rejects. */
  async visit(request: Request): Promise<Response> {
    if (!this.#queue.hasRoom()) return unavailable("too-many-waiting");
    return await this.#queue.run(async () => {
      const { runtime, env, ctx } = this.#surroundings;
      const session = this.#draft(this.#store);
      const visit = Math.floor(Math.random() * 2 ** 30).toString(36);
      try {
        const page = runtime.servePage({ request, session, visit, env, ctx });
        const { response, failure } = await withDeadline(page, LIMITS.turnMs, runtime.timer);
        const changes = session.close();
        if (failure === undefined) this.#commit(changes, undefined);
        else this.#logVisit(request, crypto.randomUUID(), failure);
        this.#remember(visit);
        return response;
      } catch (cause) {
        const id = crypto.randomUUID();
        this.#logVisit(request, id, cause);
        return unavailable(cause instanceof DeadlineError ? "turn-timeout" : "page-failed", id);
      } finally {
        session.close();
      }
    });
  }

  refuse(tab: Tab, number: number, code: CallRefusalCode, id: string): void {
    tab.send(["e", number, code, CALL_REFUSALS[code], id]);
  }

  /** The turn and its commit, in this order and without an await between commit and return. */
  async #runTurn(tab: Tab, call: PlacedCall): Promise<TurnEnd> {
    const { runtime, env } = this.#surroundings;
    const session = this.#draft(this.#store);
    try {
      const shown = isAt(tab, call.url) ? await this.#shownBy(tab) : undefined;
      const input = { ...call, session, env, shown };
      const end = await withDeadline(runTurn(input, this.#ports(tab)), LIMITS.turnMs, runtime.timer);
      const changes = session.close();
      if (end.kind === "done") this.#commit(changes, tab);
      return end;
    } catch (cause) {
      const code = cause instanceof DeadlineError ? "turn-timeout" : "reflex-failed";
      return { kind: "refused", code, cause };
    } finally {
      session.close();
    }
  }

  /** Writes what a turn changed, and sees to it that the tabs that did not ask for it show it. */
  #commit(changes: SessionChanges, author: Tab | undefined): void {
    if (changes.size === 0) return;
    const others = this.#tabs.open.filter((tab) => tab !== author && tab.url !== undefined);
    if (others.length > 0) this.#past.remember(changes);
    this.#store.commit(changes);
    this.#version += 1;
    const isUnderWay = this.#stale.size > 0;
    for (const tab of others) this.#stale.add(tab);
    if (!isUnderWay) this.#refreshNext();
  }

  /** Brings one tab up to date behind what waits already, and then the next: calls do not wait for all of them. */
  #refreshNext(): void {
    const [tab] = this.#stale;
    if (tab === undefined) {
      this.#past = new SessionPast(this.#store);
      return;
    }
    const turn = this.#queue.run(async () => {
      try {
        await this.#refresh(tab);
      } finally {
        this.#stale.delete(tab);
        this.#refreshNext();
      }
    });
    this.#surroundings.ctx.waitUntil(turn);
  }

  async #refresh(tab: Tab): Promise<void> {
    const { url } = tab;
    if (!tab.isOpen || url === undefined) return;
    const shown = await this.#shownBy(tab);
    await this.#renderAgain(tab, isAt(tab, url) ? shown : undefined);
    this.#tabs.used(tab);
  }

  /** Renders the page of a tab that did not call anything, and sends what it does not show yet. Commits nothing. */
  async #renderAgain(tab: Tab, shown: Shown | undefined): Promise<void> {
    const { url } = tab;
    const end = await this.#render(tab, this.#store, (request) =>
      renderAgain(request, shown, this.#ports(tab)),
    );
    if (url === undefined || end === undefined || !isAt(tab, url)) return;
    if (end.kind === "done") return tab.bring("p", end);
    this.#log(end, { id: crypto.randomUUID(), url });
  }

  /** What a tab shows: as remembered, or found out by rendering its page as it was. */
  async #shownBy(tab: Tab): Promise<Shown | undefined> {
    const { shown, digest } = tab;
    if (shown !== undefined || digest === undefined) return shown;
    const store = this.#stale.has(tab) ? this.#past : this.#store;
    return await this.#render(tab, store, (request) => recallPage(request, digest, this.#ports(tab)));
  }

  /** Renders a tab's page without a call. `undefined` when it fails, which is logged. */
  async #render<Result>(
    tab: Tab,
    store: SessionStore,
    render: (request: PageRequest) => Promise<Result>,
  ): Promise<Result | undefined> {
    const { url, last } = tab;
    if (url === undefined) return undefined;
    const session = this.#draft(store);
    const request = { url, session, assigns: copyOf(last?.assigns), cause: last?.cause ?? NO_CALL };
    try {
      return await withDeadline(render(request), LIMITS.refreshMs, this.#surroundings.runtime.timer);
    } catch (cause) {
      this.#log({ code: "page-failed", cause }, { id: crypto.randomUUID(), url });
      return undefined;
    } finally {
      session.close();
    }
  }

  /** What a page itself commits as it is loaded is no news to it. */
  #remember(visit: string): void {
    this.#visits.set(visit, this.#version);
    const [oldest] = this.#visits.keys();
    if (this.#visits.size > LIMITS.rememberedVisits && oldest !== undefined) this.#visits.delete(oldest);
  }

  #ports(tab: Tab): TurnPorts {
    const { runtime, env, ctx } = this.#surroundings;
    return runtime.turnPorts({ requestFor: (url) => tab.requestFor(url), env, ctx });
  }

  #draft(store: SessionStore): Session {
    const { id } = this.#surroundings.ctx;
    // Objects of this class are reached by name only; the id stands in for one that a test reaches by id.
    return new Session(id.name ?? id.toString(), store);
  }

  #log(
    end: { readonly code: CallRefusalCode; readonly cause?: unknown },
    call: { readonly id: string; readonly target?: string; readonly url: URL },
  ): void {
    const url = call.url.pathname + call.url.search;
    this.#surroundings.runtime.log({ event: end.code, ...call, url, cause: end.cause });
  }

  #logVisit(request: Request, id: string, cause: unknown): void {
    this.#log({ code: "page-failed", cause }, { id, url: new URL(request.url) });
  }
}

/** True while a tab is where it was: each location that it tells makes a `URL` of its own, the same address included. */
function isAt(tab: Tab, url: URL): boolean {
  return tab.url === url;
}

/** The page may change what it is handed, and the next render must get what the action assigned. */
function copyOf(assigns: Record<string, unknown> = {}): Record<string, unknown> {
  try {
    return structuredClone(assigns);
  } catch {
    // A view or a function among them, say: then what is inside is shared.
    return { ...assigns };
  }
}

function unavailable(code: CallRefusalCode, id?: string): Response {
  const text = id === undefined ? CALL_REFUSALS[code] : `${code}: see the server's log for ${id}`;
  return new Response(text, { status: 503, headers: { "Cache-Control": "no-store" } });
}
