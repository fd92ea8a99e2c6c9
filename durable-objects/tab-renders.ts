import { LIMITS } from "../src/protocol/limits.ts";
import type { SessionStore } from "../src/state/draft.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import { recallPage, renderAgain, renderKnown, type TurnPorts } from "../src/turn/turn.ts";
import type { PageRequest, Shown, TurnEnd } from "../src/turn/turn-end.ts";
import { FailedTabs } from "./failed-tabs.ts";
import { askedAgain } from "./last-turn.ts";
import type { SessionTopics } from "./session-topics.ts";
import type { Tab } from "./tab.ts";
import { isAt } from "./tab-place.ts";
import type { TurnStates } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** What renders read, and what they tell of themselves. */
interface RenderParts<Env> {
  readonly states: TurnStates<Env>;
  readonly store: SessionStore;
  readonly topics: SessionTopics<Tab>;
  /** Has a tab's page rendered again. Never rejects. */
  readonly refresh: (tab: Tab) => Promise<void>;
}

/** Renders the pages of tabs that did not call anything. Commits nothing, and tells the session's topics what each page rests on. */
export class TabRenders<Env> {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #parts: RenderParts<Env>;
  readonly #failed: FailedTabs<Tab>;

  constructor(surroundings: TurnSurroundings<Env>, parts: RenderParts<Env>) {
    this.#surroundings = surroundings;
    this.#parts = parts;
    this.#failed = new FailedTabs(surroundings.runtime.timer, (tab) => void parts.refresh(tab));
  }

  /** What the turns of a tab need. */
  ports(tab: Tab): TurnPorts {
    const { runtime, env, ctx } = this.#surroundings;
    return runtime.turnPorts({ requestFor: (url) => tab.requestFor(url), env, ctx });
  }

  /** Sends a tab what it does not show yet; `shown`: what it does show, if that is known. Never rejects. */
  async again(tab: Tab, shown: Shown | undefined): Promise<void> {
    await this.#push(tab, (request) => renderAgain(request, shown, this.ports(tab)));
  }

  /** The same where only a digest stands for what it shows: nothing, or the page. Never rejects. */
  async known(tab: Tab, digest: string): Promise<void> {
    await this.#push(tab, (request) => renderKnown(request, digest, this.ports(tab)));
  }

  /**
   * Finds out what a tab shows, by rendering its page with the session as it is, or was. `undefined` when that is not what the
   * digest stands for, and when the page fails, which is logged.
   */
  async recall(tab: Tab, digest: string, store: SessionStore): Promise<Shown | undefined> {
    const { url } = tab;
    const at = this.#parts.topics.now;
    const recalled = await this.#render(tab, store, (request) =>
      recallPage(request, digest, this.ports(tab)),
    );
    // A page as it was says what it rested on then.
    if (url !== undefined && store === this.#parts.store && recalled?.result !== undefined && isAt(tab, url))
      this.#parts.topics.rests(tab, { subscribed: recalled.request.state.topics.subscribed, at });
    return recalled?.result;
  }

  /** Only finds out what a tab's page rests on. Never rejects. */
  async look(tab: Tab): Promise<void> {
    const { url } = tab;
    const at = this.#parts.topics.now;
    const end = (
      await this.#render(tab, this.#parts.store, (request) =>
        renderAgain(request, undefined, this.ports(tab)),
      )
    )?.result;
    if (url === undefined || end?.kind !== "done" || end.subscribed === undefined || !isAt(tab, url)) return;
    this.#parts.topics.rests(tab, { subscribed: end.subscribed, at });
  }

  async #push(tab: Tab, render: (request: PageRequest) => Promise<TurnEnd>): Promise<void> {
    const { url } = tab;
    const at = this.#parts.topics.now;
    const end = (await this.#render(tab, this.#parts.store, render))?.result;
    if (url === undefined || !isAt(tab, url)) return;
    this.#failed.ended(tab, end?.kind === "done");
    if (end === undefined) return;
    if (end.kind === "refused") this.#log(end.cause, url);
    if (end.kind !== "done") return;
    tab.push(end);
    if (end.subscribed !== undefined) this.#parts.topics.rests(tab, { subscribed: end.subscribed, at });
  }

  /** `undefined` when it fails, which is logged. */
  async #render<Result>(
    tab: Tab,
    store: SessionStore,
    render: (request: PageRequest) => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly request: PageRequest } | undefined> {
    const { url, last } = tab;
    if (url === undefined) return undefined;
    const { shown, ...asked } = askedAgain(last, url);
    const state = this.#parts.states.forRender(tab, url, store, shown);
    const request = { ...asked, state };
    try {
      const result = await withDeadline(render(request), LIMITS.refreshMs, this.#surroundings.runtime.timer);
      return { result, request };
    } catch (cause) {
      this.#log(cause, url);
      return undefined;
    } finally {
      state.abandon();
    }
  }

  #log(cause: unknown, { pathname, search }: URL): void {
    const id = crypto.randomUUID();
    this.#surroundings.runtime.log({ event: "page-failed", id, url: pathname + search, cause });
  }
}
