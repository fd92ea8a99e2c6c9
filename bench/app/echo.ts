import { DurableObject } from "cloudflare:workers";

/** The least that a session behind a WebSocket costs: an object that hibernates and sends back what it gets. */
export class EchoObject extends DurableObject {
  /** A page of as many characters as are asked for, or a socket. */
  override fetch(request: Request): Response {
    const pageChars = new URL(request.url).searchParams.get("page");
    if (pageChars !== null) return new Response("x".repeat(Number(pageChars)));
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    socket.send(message);
  }

  /** The least that a call of an object costs. */
  async echo<Value>(value: Value): Promise<Value> {
    return value;
  }

  /** The platform does not answer a close by itself. */
  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}

/** The least that a session costs which stores something for each message: the same, and one row. */
export class StoringEchoObject extends EchoObject {
  #messages = 0;

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#messages += 1;
    // Always another value: one that is there already is not written again, and costs a tenth.
    this.ctx.storage.kv.put("messages", this.#messages);
    socket.send(message);
  }

  /** The least that a call costs which stores something. */
  async count(): Promise<number> {
    this.#messages += 1;
    this.ctx.storage.kv.put("messages", this.#messages);
    return this.#messages;
  }
}
