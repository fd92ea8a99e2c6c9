import { DurableObject } from "cloudflare:workers";
import { decodeClientFrame } from "../src/protocol/codec.ts";
import { LIMITS } from "../src/protocol/limits.ts";
import type { ClientFrame, Hello, PageState } from "../src/protocol/messages.ts";
import { ERRAND_PATH, HEARTBEAT, PROTOCOL_VERSION, SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";
import { PAGE_LEFT, type SocketRefusalCode } from "../src/protocol/refusals.ts";
import { isUpgrade } from "../src/security/upgrade-check.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import type { TimerTime } from "../src/state/timers.ts";
import type { Attendance, Attendant } from "../src/topics/presence-messages.ts";
import type { Delivery, Receipt, Subscriber } from "../src/topics/topic-messages.ts";
import type { UploadAnswer, UploadPlace } from "../src/uploads/upload-messages.ts";
import { closeQuietly, closeSocket, refuseSocket, refuseUpgrade } from "./refuse.ts";
import type { SessionRuntime } from "./session-runtime.ts";
import type { StoredCall } from "./session-store.ts";
import type { LaterAnswer } from "./session-timers.ts";
import { SessionTurns } from "./session-turns.ts";
import type { UploadCall } from "./session-uploads.ts";
import { SilentTabs } from "./silent-tabs.ts";
import type { Tab } from "./tab.ts";
import { attachmentFor, writeAttachment } from "./tab-attachment.ts";
import { isLocated } from "./tab-place.ts";
import { Tabs } from "./tabs.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/**
 * One visitor's session: its state, the sockets of its tabs, and the application that runs beside them. A thin
 * shell: it takes requests and frames, decodes them, and hands them to its turns. It starts nothing by itself and
 * keeps nothing that it could not rebuild, so that it hibernates with its sockets attached.
 */
export class SessionObject<Env = unknown> extends DurableObject<Env> implements Subscriber, Attendant {
  /** The application, given by the class that `createReflex` makes, and what it runs on. */
  protected readonly surroundings: TurnSurroundings<Env>;

  readonly #tabs: Tabs;
  readonly #turns: SessionTurns<Env>;
  readonly #silent: SilentTabs;
  /** Sockets whose peers broke the protocol. */
  readonly #refused = new WeakSet<WebSocket>();

  constructor(ctx: DurableObjectState, env: Env, runtime: SessionRuntime<Env>) {
    super(ctx, env);
    this.surroundings = { runtime, env, ctx, cache: runtime.cacheFor(ctx) };
    this.#tabs = new Tabs(ctx);
    this.#turns = new SessionTurns(this.#tabs, this.surroundings);
    this.#silent = new SilentTabs({ ctx, tabs: this.#tabs, now: runtime.now });
    // The platform answers by itself, so that a page may ask whether its socket lives without waking its session.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(HEARTBEAT, HEARTBEAT));
  }

  /** A page request, or the upgrade of a tab's socket. Both were checked by the Worker. */
  override fetch(request: Request): Promise<Response> | Response {
    const { pathname } = new URL(request.url);
    if (isUpgrade(request) && pathname === SOCKET_PATH) return this.#openSocket(request);
    const { visits } = this.#turns;
    return pathname === ERRAND_PATH ? visits.exchange(request) : visits.visit(request);
  }

  /** Called by the session that this one takes the place of: what was written for it. Has no effect on one that has begun. */
  async adopt(seed: SessionChanges, origin: string, heir?: StoredCall): Promise<void> {
    await this.#turns.adopt(seed, origin, heir);
  }

  /** A frame of a tab. Never rejects: whatever goes wrong is told to the tab and the log. */
  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    // What was on its way behind a frame that closed the socket. A page that closes it itself still means what it sent.
    if (this.#refused.has(socket)) return;
    const tab = this.#tabs.of(socket);
    // What comes late over a socket that its tab has left: the tab says it again on the next, as far as it still means it.
    if ((tab !== undefined && tab.socket !== socket) || this.#tabs.hasShutOut(socket)) return;
    if (typeof message !== "string" || tab === undefined) return this.#refuse(socket, "malformed-frame");
    this.#silent.heard(tab);
    const decoded = decodeClientFrame(message);
    switch (decoded.kind) {
      case "too-large":
        return this.#refuse(socket, "frame-too-large");
      case "malformed":
        return this.#refuse(socket, "malformed-frame");
      case "bad-call":
        return await this.#refuseCall(tab, decoded);
      case "frame":
        return await this.#receive(tab, socket, decoded.frame, message.length);
    }
  }

  /** Something of the session is due. Rejects only when nothing can be stored: then the platform lets it ring again. */
  override async alarm(ring?: AlarmInvocationInfo): Promise<void> {
    await this.#turns.ring(ring?.isRetry === true);
  }

  /** Called by the Worker's own code outside the session: sets a timer. */
  later(target: string, time: TimerTime, args: readonly unknown[]): LaterAnswer {
    return this.#turns.timers.later(target, time, args);
  }

  /** Called by the Worker, which carries a visitor's files past this object: see {@link SessionUploads.start}. */
  async startUpload(text: string, call: UploadCall): Promise<UploadAnswer> {
    return await this.#turns.uploads.start(text, call);
  }

  /** See {@link SessionUploads.place}. */
  placeUpload(ticket: string, part: number, call: UploadCall): UploadPlace | UploadAnswer {
    return this.#turns.uploads.place(ticket, part, call);
  }

  /** See {@link SessionUploads.placed}. */
  async placedUpload(ticket: string, part: number, etag: string): Promise<UploadAnswer> {
    return await this.#turns.uploads.placed(ticket, part, etag);
  }

  /** See {@link SessionUploads.cancel}. */
  async cancelUpload(ticket: string, call: UploadCall): Promise<UploadAnswer> {
    return await this.#turns.uploads.cancel(ticket, call);
  }

  /** Called by a node of a topic: see {@link SessionTopics.deliver}. */
  async deliver(delivery: Delivery): Promise<Receipt> {
    return await this.#turns.topics.deliver(delivery);
  }

  /** Called by a node of a topic: see {@link SessionTopics.attest}. */
  attest(topic: string): Promise<number> {
    return Promise.resolve(this.#turns.topics.attest(topic));
  }

  /** Called by the root of a topic: what this session says of itself. Only tabs count that were heard of not long ago. */
  async attendance(topic: string): Promise<Attendance> {
    for (const tab of this.#silent.find()) {
      closeSocket(tab.socket, "tab-silent");
      this.#lost(tab.socket, false);
    }
    return await this.#turns.presence.statement(topic);
  }

  /** The platform does not answer a close by itself; unanswered, the browser would see 1006. */
  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#lost(socket, code === PAGE_LEFT);
    closeQuietly(socket, code, reason);
  }

  /** The socket is gone, and nothing hangs on it: the tab comes back with a new one. */
  override webSocketError(socket: WebSocket): void {
    this.#lost(socket, false);
    closeQuietly(socket, 1011, "");
  }

  #lost(socket: WebSocket, isForGood: boolean): void {
    const tab = this.#tabs.closed(socket, isForGood);
    if (tab !== undefined) this.#turns.left(tab, isForGood);
  }

  async #refuseCall(
    tab: Tab,
    { number, reason }: { readonly number: number; readonly reason: string },
  ): Promise<void> {
    if (!isLocated(tab)) return this.#refuse(tab.socket, "location-missing");
    return await this.#turns.refuse(tab, number, "malformed-call", reason);
  }

  async #receive(tab: Tab, socket: WebSocket, frame: ClientFrame, chars: number): Promise<void> {
    switch (frame.kind) {
      case "hello":
        return await this.#greet(tab, socket, frame);
      case "location":
        return await this.#locate(tab, frame.url, frame.state);
      case "ack":
        return this.#turns.acknowledged(tab, frame.low, frame.seen);
    }
    if (!isLocated(tab)) return this.#refuse(socket, "location-missing");
    if (frame.kind === "call") return await this.#turns.call(tab, frame.call, chars);
    return await this.#turns.restore(tab, frame.address);
  }

  async #greet(fresh: Tab, socket: WebSocket, hello: Hello): Promise<void> {
    // One socket is one page load's, and says so once.
    if (fresh.path !== undefined) return this.#refuse(socket, "malformed-frame");
    const refusal = this.#turns.standing.whyNotGreet(fresh, hello);
    if (refusal !== undefined) return this.#refuse(socket, refusal);
    const known = this.#tabs.resume(socket, hello.tab);
    const tab = known ?? fresh;
    // What the tab has missed goes out at once, and the welcome behind it: what is unanswered then, the tab sends again.
    const greeted = this.#turns.greet(tab, hello, known !== undefined);
    tab.send(["w", PROTOCOL_VERSION, this.ctx.id.toString().slice(0, 12), this.surroundings.runtime.build]);
    await greeted;
  }

  async #locate(tab: Tab, url: string, state: PageState | undefined): Promise<void> {
    if (tab.path === undefined && tab.hasOldCookie) return this.#refuse(tab.socket, "session-invalid");
    await this.#turns.located(tab, url, state);
  }

  #refuse(socket: WebSocket, code: SocketRefusalCode): void {
    this.#refused.add(socket);
    closeSocket(socket, code);
  }

  #openSocket(request: Request): Response {
    const attachment = attachmentFor(request);
    if (attachment === undefined) return refuseUpgrade("headers-too-large");
    const standing = this.#turns.standing.of(request);
    if (standing === "ended") return refuseSocket("session-invalid");
    const hasOldCookie = standing === "moved";
    // Whoever has nothing but an old cookie must not keep the visitor out.
    const isFull = this.ctx.getWebSockets().length >= LIMITS.sessionSockets;
    if (isFull && (hasOldCookie || !this.#tabs.closeSilent())) return refuseSocket("too-many-sockets");
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    writeAttachment(server, hasOldCookie ? { ...attachment, hasOldCookie } : attachment);
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL },
    });
  }
}
