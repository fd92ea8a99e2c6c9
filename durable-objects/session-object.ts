import { DurableObject } from "cloudflare:workers";
import { decodeClientFrame, encode } from "../src/protocol/codec.ts";
import { LIMITS } from "../src/protocol/limits.ts";
import type { CallFrame, ClientFrame, ServerFrame } from "../src/protocol/messages.ts";
import { SOCKET_PATH, SUBPROTOCOL } from "../src/protocol/names.ts";
import { CALL_REFUSALS, type CallRefusalCode } from "../src/protocol/refusals.ts";
import type { View } from "../src/render/view.ts";
import { isUpgrade } from "../src/security/upgrade-check.ts";
import { Session } from "../src/session/session.ts";
import { DeadlineError, withDeadline } from "../src/turn/deadline.ts";
import { refreshPage, runTurn, type TurnEnd } from "../src/turn/turn.ts";
import { TurnQueue } from "../src/turn/turn-queue.ts";
import { closeQuietly, closeSocket, refuseSocket, refuseUpgrade } from "./refuse.ts";
import type { SessionRuntime } from "./session-runtime.ts";
import { StoredSession } from "./session-store.ts";
import { attachmentFor, readAttachment, type TabAttachment, writeAttachment } from "./tab-attachment.ts";

/**
 * One visitor's session: its state, the sockets of its tabs, and the application that runs beside them. A thin
 * shell: it decodes, lets a turn run, commits, sends. It starts nothing by itself and keeps nothing that it
 * could not rebuild, so that it hibernates with its sockets attached.
 */
export class SessionObject<Env = unknown> extends DurableObject<Env> {
  /** The application; given by the class that `createReflex` makes. */
  protected readonly runtime: SessionRuntime<Env>;

  readonly #queue = new TurnQueue();
  readonly #store: StoredSession;
  /** What tabs show, most recently shown last. Lost with the instance; a tab without one is sent its page whole. */
  readonly #shown = new Map<WebSocket, View>();

  constructor(ctx: DurableObjectState, env: Env, runtime: SessionRuntime<Env>) {
    super(ctx, env);
    this.runtime = runtime;
    this.#store = new StoredSession(ctx.storage);
  }

  /** A page request, or the upgrade of a tab's socket. Both were checked by the Worker. */
  override fetch(request: Request): Promise<Response> | Response {
    const isSocket = isUpgrade(request) && new URL(request.url).pathname === SOCKET_PATH;
    return isSocket ? this.#openSocket(request) : this.#servePage(request);
  }

  /** A frame of a tab. Never rejects: whatever goes wrong is told to the tab and the log. */
  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const attachment = readAttachment(socket);
    if (typeof message !== "string" || attachment === undefined)
      return closeSocket(socket, "malformed-frame");
    const decoded = decodeClientFrame(message);
    switch (decoded.kind) {
      case "too-large":
        return closeSocket(socket, "frame-too-large");
      case "malformed":
        return closeSocket(socket, "malformed-frame");
      case "bad-call":
        return this.#refuseCall(socket, attachment, decoded);
      case "frame":
        return await this.#receive(socket, attachment, decoded.frame, message.length);
    }
  }

  /** The platform does not answer a close by itself; unanswered, the browser would see 1006. */
  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#shown.delete(socket);
    closeQuietly(socket, code, reason);
  }

  /** The socket is gone, and nothing hangs on it: the tab comes back with a new one. */
  override webSocketError(socket: WebSocket): void {
    this.#shown.delete(socket);
    closeQuietly(socket, 1011, "");
  }

  #refuseCall(
    socket: WebSocket,
    { url = "" }: TabAttachment,
    { number, reason }: { readonly number: number; readonly reason: string },
  ): void {
    const id = crypto.randomUUID();
    this.runtime.log({ event: "malformed-call", id, url, cause: reason });
    this.#refuse(socket, number, "malformed-call", id);
  }

  async #receive(
    socket: WebSocket,
    attachment: TabAttachment,
    frame: ClientFrame,
    chars: number,
  ): Promise<void> {
    switch (frame[0]) {
      case "l":
        this.#shown.delete(socket);
        return writeAttachment(socket, { ...attachment, url: frame[1] });
      case "c":
        return await this.#answer(socket, attachment, frame, chars);
      case "s":
        return await this.#refresh(socket, attachment);
    }
  }

  /** Sends the page whole to a tab that a patch did not fit. */
  async #refresh(socket: WebSocket, attachment: TabAttachment): Promise<void> {
    const { url } = attachment;
    if (url === undefined) return closeSocket(socket, "location-missing");
    if (!this.#queue.hasRoom()) return;
    await this.#queue.run(async () => {
      const callId = crypto.randomUUID();
      const session = this.#draft();
      const ports = this.runtime.turnPorts({ headers: attachment.headers, env: this.env, ctx: this.ctx });
      const cause = { callId, target: "" };
      const request = { url: new URL(url, attachment.origin), session, assigns: {}, cause };
      const end = await withDeadline(refreshPage(request, ports), LIMITS.turnMs, this.runtime.timer).catch(
        (error): TurnEnd => ({ kind: "refused", code: "page-failed", cause: error }),
      );
      session.close();
      if (end.kind === "done") {
        this.#show(socket, end.shown);
        return send(socket, ["p", end.updates]);
      }
      this.runtime.log({ event: end.code, id: callId, url, cause: end.cause });
    });
  }

  /** Remembers what a tab shows, for as many tabs as fit; the one that was shown least recently is forgotten. */
  #show(socket: WebSocket, view: View | undefined): void {
    this.#shown.delete(socket);
    if (view !== undefined && socket.readyState === WebSocket.OPEN) this.#shown.set(socket, view);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > LIMITS.shownPages && oldest !== undefined) this.#shown.delete(oldest);
  }

  #openSocket(request: Request): Response {
    const attachment = attachmentFor(request);
    if (attachment === undefined) return refuseUpgrade("headers-too-large");
    if (this.ctx.getWebSockets().length >= LIMITS.sessionSockets) return refuseSocket("too-many-sockets");
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    writeAttachment(server, attachment);
    return new Response(null, {
      status: 101,
      webSocket: client,
      headers: { "Sec-WebSocket-Protocol": SUBPROTOCOL },
    });
  }

  async #servePage(request: Request): Promise<Response> {
    if (!this.#queue.hasRoom()) return unavailable("too-many-waiting");
    return await this.#queue.run(async () => {
      const session = this.#draft();
      try {
        const page = this.runtime.servePage({ request, session, env: this.env, ctx: this.ctx });
        const { response, failure } = await withDeadline(page, LIMITS.turnMs, this.runtime.timer);
        const changes = session.close();
        if (failure === undefined) this.#store.commit(changes);
        else this.#logPage(request, crypto.randomUUID(), failure);
        return response;
      } catch (cause) {
        const id = crypto.randomUUID();
        this.#logPage(request, id, cause);
        return unavailable(cause instanceof DeadlineError ? "turn-timeout" : "page-failed", id);
      } finally {
        session.close();
      }
    });
  }

  #logPage(request: Request, id: string, cause: unknown): void {
    const { pathname, search } = new URL(request.url);
    this.runtime.log({ event: "page-failed", id, url: pathname + search, cause });
  }

  async #answer(socket: WebSocket, attachment: TabAttachment, call: CallFrame, chars: number): Promise<void> {
    const [, number] = call;
    const callId = crypto.randomUUID();
    const { url } = attachment;
    if (url === undefined) return closeSocket(socket, "location-missing");
    if (!this.#queue.hasRoom(chars)) return this.#refuse(socket, number, "too-many-waiting", callId);
    await this.#queue.run(async () => {
      const shown = this.#shown.get(socket);
      const end = await this.#runTurn({ callId, call, shown, attachment: { ...attachment, url } });
      if (end.kind === "done") {
        // A tab that has moved on meanwhile shows another page than the one that was rendered for it.
        const isStill = readAttachment(socket)?.url === url;
        this.#show(socket, isStill ? end.shown : undefined);
        return send(socket, ["r", number, "done", end.updates]);
      }
      this.runtime.log({ event: end.code, id: callId, target: call[2], url, cause: end.cause });
      this.#refuse(socket, number, end.code, callId);
    }, chars);
  }

  /** The turn and its commit, in this order and without an await between commit and return. */
  async #runTurn(turn: {
    readonly callId: string;
    readonly call: CallFrame;
    readonly shown: View | undefined;
    readonly attachment: TabAttachment & { readonly url: string };
  }): Promise<TurnEnd> {
    const { callId, attachment, shown } = turn;
    const [, , target, detail] = turn.call;
    const session = this.#draft();
    const url = new URL(attachment.url, attachment.origin);
    const input = { callId, target, detail, url, session, env: this.env, shown };
    const ports = this.runtime.turnPorts({ headers: attachment.headers, env: this.env, ctx: this.ctx });
    try {
      const end = await withDeadline(runTurn(input, ports), LIMITS.turnMs, this.runtime.timer);
      const changes = session.close();
      if (end.kind === "done") this.#store.commit(changes);
      return end;
    } catch (cause) {
      const code = cause instanceof DeadlineError ? "turn-timeout" : "reflex-failed";
      return { kind: "refused", code, cause };
    } finally {
      session.close();
    }
  }

  #draft(): Session {
    // Objects of this class are reached by name only; the id stands in for one that a test reaches by id.
    return new Session(this.ctx.id.name ?? this.ctx.id.toString(), this.#store);
  }

  #refuse(socket: WebSocket, number: number, code: CallRefusalCode, id: string): void {
    send(socket, ["r", number, "refused", code, CALL_REFUSALS[code], id]);
  }
}

/** A tab that left while its call ran gets no answer; the call itself stands. */
function send(socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(encode(frame));
}

function unavailable(code: CallRefusalCode, id?: string): Response {
  const text = id === undefined ? CALL_REFUSALS[code] : `${code}: see the server's log for ${id}`;
  return new Response(text, { status: 503, headers: { "Cache-Control": "no-store" } });
}
