import { LIMITS } from "../src/protocol/limits.ts";
import { Tab } from "./tab.ts";

/** The session's open tabs, by their sockets. Rebuilt from the sockets after a sleep. */
export class Tabs {
  readonly #ctx: DurableObjectState;
  readonly #tabs = new WeakMap<WebSocket, Tab>();
  /** Those whose render is in memory, most recently used last. */
  readonly #shown = new Set<Tab>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
  }

  /** Every open tab. */
  get open(): readonly Tab[] {
    return this.#ctx
      .getWebSockets()
      .flatMap((socket) => this.of(socket) ?? [])
      .filter((tab) => tab.isOpen);
  }

  /** `undefined` for a socket that remembers nothing. */
  of(socket: WebSocket): Tab | undefined {
    const known = this.#tabs.get(socket);
    if (known !== undefined) return known;
    const tab = Tab.of(socket);
    if (tab !== undefined) this.#tabs.set(socket, tab);
    return tab;
  }

  /** A tab's render was used: it stays in memory longest. That of the tab that was used least recently may go. */
  used(tab: Tab): void {
    this.#shown.delete(tab);
    if (tab.shown !== undefined && tab.isOpen) this.#shown.add(tab);
    const [oldest] = this.#shown;
    if (this.#shown.size <= LIMITS.shownPages || oldest === undefined) return;
    oldest.shown = undefined;
    this.#shown.delete(oldest);
  }

  closed(socket: WebSocket): void {
    const tab = this.#tabs.get(socket);
    if (tab !== undefined) this.#shown.delete(tab);
  }
}
