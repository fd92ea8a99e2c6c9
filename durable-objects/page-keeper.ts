import type { Hello, PageState, Update } from "../src/protocol/messages.ts";
import type { SessionChanges, SessionStore } from "../src/state/draft.ts";
import { FLASH_KEY } from "../src/state/flash.ts";
import { TAB_KEY } from "../src/state/tab-state.ts";
import { isTimer } from "../src/state/timers.ts";
import { OUTBOX_KEY } from "../src/topics/outbox.ts";
import { restore } from "../src/turn/showing.ts";
import type { TurnPorts } from "../src/turn/turn.ts";
import type { Shown, TurnDone } from "../src/turn/turn-end.ts";
import type { TurnQueue } from "../src/turn/turn-queue.ts";
import { isUpload } from "../src/uploads/upload-record.ts";
import { KnownVisits, lastOf, type Visit } from "./known-visits.ts";
import { understoodBy } from "./placed-call.ts";
import { SessionPast } from "./session-past.ts";
import type { SessionTopics } from "./session-topics.ts";
import { StaleTabs } from "./stale-tabs.ts";
import type { Tab } from "./tab.ts";
import type { TabHeirs } from "./tab-heirs.ts";
import { isAt, isLocated, type LocatedTab } from "./tab-place.ts";
import type { TabRecord } from "./tab-record.ts";
import { TabRenders } from "./tab-renders.ts";
import type { Tabs } from "./tabs.ts";
import { type TurnStates, VISIT_TAB } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";
import { isOperation } from "./update-kinds.ts";

/** What the keeper shares with the session's turns. */
interface KeeperPorts {
  readonly store: SessionStore;
  readonly queue: TurnQueue;
  readonly heirs: TabHeirs;
  readonly topics: SessionTopics<Tab>;
}

/**
 * Keeps the session's pages up to date that asked for nothing: those of other tabs behind a commit, those that come back,
 * those that were found changed. Knows what each tab shows, or finds it out.
 */
export class PageKeeper<Env> {
  readonly #tabs: Tabs;
  readonly #store: SessionStore;
  readonly #queue: TurnQueue;
  readonly #heirs: TabHeirs;
  readonly #topics: SessionTopics<Tab>;
  readonly #renders: TabRenders<Env>;
  /** Tabs that have not seen what was committed since they were brought up to date. */
  readonly #stale: StaleTabs<Tab>;
  /** The session as stale tabs show it. */
  #past: SessionPast;
  /** The session as it was when this life of the object began: what tabs show that come back behind a commit. */
  readonly #start: SessionPast;
  /** How many commits there were in this life of the object. */
  #version = 0;
  readonly #visits = new KnownVisits();

  constructor(
    tabs: Tabs,
    states: TurnStates<Env>,
    { store, queue, heirs, topics }: KeeperPorts,
    surroundings: TurnSurroundings<Env>,
  ) {
    this.#tabs = tabs;
    this.#store = store;
    this.#queue = queue;
    this.#heirs = heirs;
    this.#topics = topics;
    const refresh = (tab: Tab) => this.refresh(tab);
    this.#renders = new TabRenders(surroundings, { states, store, topics, refresh });
    this.#past = new SessionPast(store);
    this.#start = new SessionPast(store);
    this.#stale = new StaleTabs({
      queue,
      refresh: (tab) => this.#refresh(tab),
      rested: () => {
        this.#past = new SessionPast(store);
      },
      waitUntil: (turn) => surroundings.ctx.waitUntil(turn),
    });
  }

  /**
   * A page load has said where it stands. Sends it again what it missed, while that is at hand; else finds out what it shows,
   * and brings it from there to what it should. Never rejects.
   *
   * @param isKnown true when the object remembers it
   * @param record what is stored of its calls
   */
  async greet(tab: Tab, hello: Hello, isKnown: boolean, record: TabRecord | undefined): Promise<void> {
    const { url, seen, state } = hello;
    if (isKnown && tab.path === url && tab.replay(seen)) return await this.#goOn(tab, seen);
    tab.begin(hello.tab, seen, hello.version);
    this.#topics.moved(tab, hello.positions);
    // What came behind the last call that is stored was either pushed, and has told what stands for it, or is forgotten.
    const told = state?.digest;
    const stored = record?.sent === seen && record.digest !== "" ? record.digest : undefined;
    const hasLast = record !== undefined && (told !== undefined || record.sent >= seen);
    const visit = this.#visits.get(state?.visit ?? "");
    tab.locate(url, told ?? stored, hasLast ? record.last : lastOf(visit));
    tab.isLastDoubtful = hasLast && record.sent < seen;
    if (visit !== undefined) this.#topics.rests(tab, visit);
    const isAsRendered = await this.#inherit(tab, state?.visit ?? "", visit);
    if (!isLocated(tab)) return;
    // A page that has said nothing is as it came, for all that anybody can tell.
    if (state === undefined && isAsRendered) return await this.#look(tab);
    await this.check(tab, isAsRendered ? (state?.visit ?? "") : "");
  }

  /** A tab that is known has been sent again what it has missed. */
  async #goOn(tab: Tab, seen: number): Promise<void> {
    tab.read(seen);
    this.#topics.catchUp(tab);
    const isAsWas = !tab.isBack || (await this.#inherit(tab, "", undefined));
    if (!tab.hasMissed && isAsWas) return;
    tab.hasMissed = false;
    this.#addStale([tab]);
  }

  /** Finds out what the page of a tab rests on that says nothing of itself. */
  async #look(tab: LocatedTab): Promise<void> {
    const visit = this.#visits.latestOf(tab.url);
    if (visit !== undefined) return this.#topics.rests(tab, visit);
    if (!this.#queue.hasRoom()) return;
    await this.#queue.run(async () => {
      if (tab.topics.isNew) await this.#renders.look(tab);
    });
  }

  /** A page load takes over the state of its tab. False when its page was rendered with another. */
  async #inherit(tab: Tab, name: string, visit: Visit | undefined): Promise<boolean> {
    // What a handler wrote that was told of another tab belongs to nobody.
    const isOwn = visit?.from === undefined || visit.from === tab.before;
    const source = this.#heirs.sourceOf(tab, isOwn ? name : "");
    if (source === undefined) return isOwn || !this.#heirs.hasState(visit?.from);
    await this.#queue.run(async () => this.#heirs.takeOver(tab, source));
    return source !== tab.before || visit?.from === source;
  }

  /**
   * A tab shows another page than before, which was not loaded but put in the place of that one, or is moved by script; tabs of
   * older clients say so at first. Never rejects.
   */
  async located(tab: Tab, url: string, state: PageState | undefined): Promise<void> {
    if (state?.isSame && tab.path !== undefined) return tab.readdress(url);
    const { digest, visit = "" } = state ?? {};
    const known = this.#visits.get(visit);
    // A page that has said nothing is as it came, for all that anybody can tell; one that was moved by script is script's.
    const isToBeChecked = state !== undefined && (tab.path === undefined || visit !== "");
    const isOther = isToBeChecked || tab.path === undefined;
    if (isOther) this.#topics.moved(tab);
    tab.locate(url, digest, lastOf(known));
    if (known !== undefined) this.#topics.rests(tab, known);
    if (!isOther || !isLocated(tab)) return;
    if (!isToBeChecked) return await this.#look(tab);
    if (tab.id !== undefined && known?.from === tab.id)
      await this.#queue.run(async () => this.#heirs.takeOver(tab, VISIT_TAB + visit));
    await this.check(tab, visit);
  }

  /**
   * A tab has said which page it came with: brings it up to date when something else has been committed since, or the
   * page has been changed. Never rejects.
   *
   * @param visit empty for a page that has been changed
   */
  async check(tab: LocatedTab, visit: string): Promise<void> {
    if (this.#visits.get(visit)?.version === this.#version || tab.isToBeChecked) return;
    // Tabs that are brought up to date one after the other take one place for all of them.
    if (!this.#queue.hasRoom()) return this.#addStale([tab]);
    tab.isToBeChecked = true;
    await this.#queue.run(async () => {
      tab.isToBeChecked = false;
      const { url } = tab;
      if (tab.shown !== undefined || this.#stale.has(tab)) return;
      const shown = await this.#shownBy(tab);
      const before = shown ?? (await this.#shownAtStart(tab));
      if (before === undefined && tab.isLastDoubtful) {
        tab.forgetLast();
        return await this.#refresh(tab);
      }
      if (shown === undefined) await this.#renders.again(tab, before);
      else if (isAt(tab, url)) tab.show(shown);
      this.#tabs.used(tab);
    });
  }

  /** Sends a tab what it found changed by something else: a fragment, or the page. Never rejects. */
  async restore(tab: LocatedTab, address: string): Promise<void> {
    const region = tab.topics.regionAt(address);
    if (region !== undefined) return await this.#topics.regions.restore(tab, region);
    // Not answered now, the tab is sent its page whole with its next update.
    if (!this.#queue.hasRoom()) return tab.show(undefined);
    if (tab.restoring.has(address)) return;
    tab.restoring.add(address);
    const { url } = tab;
    await this.#queue.run(async () => {
      tab.restoring.delete(address);
      const shown = address === "" ? undefined : await this.#shownBy(tab);
      if (!isAt(tab, url)) return;
      if (shown !== undefined) this.#restored(tab, restore(shown, address));
      else await this.#renders.again(tab, undefined);
      this.#tabs.used(tab);
    });
  }

  /** What is sent may show regions as they were. */
  #restored(tab: Tab, end: TurnDone): void {
    tab.push(end);
    for (const { name } of end.regions ?? []) void this.#topics.regions.settle(tab, name);
  }

  /** What a tab shows that is still where it was; `undefined` when that is not known. */
  async shownAt(tab: Tab, url: URL): Promise<Shown | undefined> {
    return isAt(tab, url) ? await this.#shownBy(tab) : undefined;
  }

  /** A page was served. What it committed itself is no news to it. */
  visited(visit: string, page: Omit<Visit, "version" | "isLoaded">): void {
    this.#visits.add(visit, { version: this.#version, isLoaded: true, ...page });
  }

  /** Has a tab's page rendered again, because of something else than a commit. Resolves when it was, or could not be. */
  refresh(tab: Tab): Promise<void> {
    return this.#stale.add(tab);
  }

  /** Runs something that follows what a tab is to be brought up to date with. Must not throw. */
  behind(tab: Tab, run: () => void): void {
    this.#stale.behind(tab, run);
  }

  /** A tab has read what it was sent: it is brought up to date with what it has missed meanwhile. */
  hasRead(tab: Tab, seen: number): void {
    tab.read(seen);
    if (tab.isBehind) return;
    if (tab.hasMissed || this.#topics.hasMissed(tab)) this.#topics.catchUp(tab);
    if (!tab.hasMissed) return;
    tab.hasMissed = false;
    void this.refresh(tab);
  }

  /** Called before the session is changed. */
  committing(changes: SessionChanges, author: Tab | undefined): void {
    this.#start.remember(changes);
    if (this.#others(author).length > 0) this.#past.remember(changes);
  }

  /**
   * Called after it when it is shared: the tabs that did not ask for it are brought up to date, behind what waits already.
   *
   * @param operations what each of them is sent behind that
   */
  committed(author: Tab | undefined, operations: readonly Update[] = []): void {
    this.#changed(author);
    const others = this.#others(author);
    this.#addStale(others);
    if (operations.length === 0) return;
    for (const tab of others) this.#stale.behind(tab, () => tab.sendNow(operations));
  }

  /** Called after it instead when every open tab is told all that there is to show of it. */
  tell(updates: readonly Update[]): void {
    this.#changed(undefined);
    if (updates.every(isOperation)) return this.sendNow(updates);
    // What the tabs show then is no render of their pages.
    for (const tab of this.#others(undefined)) {
      if (tab.isBehind) {
        tab.hasMissed = true;
        tab.keepTopics();
      } else tab.push(understoodBy(tab, { kind: "done", updates, templates: [], shown: undefined }));
    }
  }

  /** Sends operations to every open tab, whatever becomes of what runs. */
  sendNow(operations: readonly Update[]): void {
    for (const tab of this.#others(undefined)) tab.sendNow(operations);
  }

  /** See {@link TabRenders.ports}. */
  ports(tab: Tab): TurnPorts {
    return this.#renders.ports(tab);
  }

  #changed(author: Tab | undefined): void {
    this.#version += 1;
    for (const tab of this.#tabs.away) if (tab !== author) tab.hasMissed = true;
  }

  #others(author: Tab | undefined): readonly Tab[] {
    return this.#tabs.open.filter((tab) => tab !== author && tab.url !== undefined);
  }

  #addStale(tabs: readonly Tab[]): void {
    for (const tab of tabs) void this.#stale.add(tab);
  }

  async #refresh(tab: Tab): Promise<void> {
    const { url, digest } = tab;
    if (url === undefined) return;
    if (!tab.isOpen || tab.isBehind) {
      tab.hasMissed = true;
      return tab.keepTopics();
    }
    if (tab.shown === undefined && digest !== undefined && !this.#past.isPast)
      await this.#renders.known(tab, digest);
    else {
      const shown = await this.#shownBy(tab);
      await this.#renders.again(tab, isAt(tab, url) ? shown : undefined);
    }
    this.#tabs.used(tab);
  }

  /** What a tab shows: as remembered, or found out by rendering its page as it was. */
  async #shownBy(tab: Tab): Promise<Shown | undefined> {
    const { shown, digest } = tab;
    if (shown !== undefined || digest === undefined) return shown;
    return await this.#renders.recall(tab, digest, this.#stale.has(tab) ? this.#past : this.#store);
  }

  /** The same of a tab that has not been here since this life of the object began. */
  async #shownAtStart(tab: Tab): Promise<Shown | undefined> {
    const { digest } = tab;
    const isWorthIt = digest !== undefined && this.#start.isPast && this.#start.isKnown;
    return isWorthIt ? await this.#renders.recall(tab, digest, this.#start) : undefined;
  }
}

const UNSHOWN: readonly string[] = [FLASH_KEY, OUTBOX_KEY];

/** True for the key of what pages of all tabs are rendered with: not of one tab alone, nor of none. */
export function isShared(key: string): boolean {
  return !key.startsWith(TAB_KEY) && !isTimer(key) && !isUpload(key) && !UNSHOWN.includes(key);
}
