import { LIMITS } from "../src/protocol/limits.ts";
import type { SocketRefusalCode } from "../src/protocol/refusals.ts";
import { closeSocket } from "./refuse.ts";
import { Tab } from "./tab.ts";
import { readAttachment, writeAttachment } from "./tab-attachment.ts";

/**
 * The session's tabs: those with an open socket, rebuilt from the sockets after a sleep, and those that have just lost theirs.
 */
export class Tabs {
  readonly #ctx: DurableObjectState;
  readonly #tabs = new WeakMap<WebSocket, Tab>();
  /** Those without a socket, by their names, the latest last. */
  readonly #away = new Map<string, Tab>();
  /** Those whose render is in memory, most recently used last. */
  readonly #shown = new Set<Tab>();

  /** Sockets that were closed since the session is another's: what they have sent, and send, is not done any more. */
  readonly #shutOut = new WeakSet<WebSocket>();

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

  /** Those that may come back. */
  get away(): Iterable<Tab> {
    return this.#away.values();
  }

  /** True for a tab that has lost its socket, and may come back. */
  isAway(name: string | undefined): boolean {
    return name !== undefined && this.#away.has(name);
  }

  /** `undefined` for a socket that remembers nothing. */
  of(socket: WebSocket): Tab | undefined {
    const known = this.#tabs.get(socket);
    if (known !== undefined) return known;
    const tab = Tab.of(socket);
    if (tab !== undefined) this.#tabs.set(socket, tab);
    if (readAttachment(socket)?.isShutOut === true) this.#shutOut.add(socket);
    return tab;
  }

  /**
   * A page load has said its name on a new socket: the tab that it is, if it is known; that tab's old socket, which has
   * dropped without a word, is closed.
   */
  resume(socket: WebSocket, name: string): Tab | undefined {
    const tab = this.#away.get(name) ?? this.open.find(({ id }) => id === name);
    const kept = readAttachment(socket);
    if (tab === undefined || kept === undefined) return undefined;
    const { socket: old, isOpen } = tab;
    this.#away.delete(name);
    this.#tabs.set(socket, tab);
    tab.move(socket, kept);
    if (isOpen) closeSocket(old, "tab-moved");
    return tab;
  }

  /** A tab's render was used: it stays in memory longest. That of the tab that was used least recently may go. */
  used(tab: Tab): void {
    this.#shown.delete(tab);
    if (tab.shown !== undefined) this.#shown.add(tab);
    const [oldest] = this.#shown;
    if (this.#shown.size <= LIMITS.shownPages || oldest === undefined) return;
    oldest.shown = undefined;
    this.#shown.delete(oldest);
  }

  /** A socket is gone. Its tab is remembered, unless it has gone for good, or on to another socket. */
  closed(socket: WebSocket, isForGood: boolean): Tab | undefined {
    const tab = this.of(socket);
    if (tab?.socket !== socket) return undefined;
    if (isForGood || tab.id === undefined) this.#shown.delete(tab);
    // Where a session has ended or changed its identity, its tabs come back as strangers: what they show is of the past.
    else if (this.#shutOut.has(socket)) this.#shown.delete(tab);
    else this.#keepAway(tab.id, tab);
    return tab;
  }

  /** No tab goes on here as it is, but for one. */
  closeAll(code: SocketRefusalCode, but?: Tab): void {
    for (const socket of this.#ctx.getWebSockets()) {
      if (socket === but?.socket) continue;
      this.#shutOut.add(socket);
      // A peer that does not answer the close can go on sending, also to an object that has slept meanwhile.
      const kept = readAttachment(socket);
      if (kept !== undefined) writeAttachment(socket, { ...kept, isShutOut: true });
      // Those that may come back make their calls again, which must not be taken for second copies.
      this.#tabs.get(socket)?.waiting.clear();
      closeSocket(socket, code);
    }
    for (const tab of this.#away.values()) {
      this.#shutOut.add(tab.socket);
      tab.waiting.clear();
    }
    this.#away.clear();
  }

  /** True for a socket that {@link closeAll} has closed. */
  hasShutOut(socket: WebSocket): boolean {
    return this.#shutOut.has(socket);
  }

  /** Closes what came with an old cookie and has said nothing yet. False when there is no such socket. */
  closeSilent(): boolean {
    const silent = this.open.filter(({ hasOldCookie, path }) => hasOldCookie && path === undefined);
    for (const { socket } of silent) closeSocket(socket, "session-moved");
    return silent.length > 0;
  }

  #keepAway(name: string, tab: Tab): void {
    this.#away.set(name, tab);
    const [first] = this.#away;
    if (this.#away.size <= LIMITS.awayTabs || first === undefined) return;
    this.#away.delete(first[0]);
    this.#shown.delete(first[1]);
  }
}
