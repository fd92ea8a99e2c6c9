import { DurableObject } from "cloudflare:workers";

/** The least that telling many people something costs: one object that holds all of their sockets, and sends to each. */
export class DirectObject extends DurableObject {
  /** Accepts a socket; or sends a text to all of them: `?text=…`. */
  override fetch(request: Request): Response {
    const text = new URL(request.url).searchParams.get("text");
    if (text !== null) {
      for (const socket of this.ctx.getWebSockets()) socket.send(text);
      return new Response("sent");
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  /** The platform does not answer a close by itself. */
  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    socket.close(code === 1005 || code === 1006 ? 1000 : code, reason);
  }
}
