import { SUBPROTOCOL } from "../src/protocol/names.ts";
import {
  SOCKET_REFUSALS,
  type SocketRefusalCode,
  UPGRADE_REFUSALS,
  type UpgradeRefusalCode,
} from "../src/protocol/refusals.ts";

/** Refuses an upgrade before it is one: an HTTP error with the code and its sentence as JSON. */
export function refuseUpgrade(code: UpgradeRefusalCode): Response {
  const { status, message } = UPGRADE_REFUSALS[code];
  return Response.json({ code, message }, { status, headers: { "Cache-Control": "no-store" } });
}

/**
 * Refuses an upgrade by accepting and closing it, for refusals that the client acts upon: a browser tells its
 * page the code of a close frame, and nothing of an HTTP error.
 *
 * @param subprotocol one that the browser asked for: else it drops the socket before it reads the code
 */
export function refuseSocket(code: SocketRefusalCode, subprotocol = SUBPROTOCOL): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(SOCKET_REFUSALS[code], code);
  return new Response(null, {
    status: 101,
    webSocket: client,
    headers: { "Sec-WebSocket-Protocol": subprotocol },
  });
}

/** Closes a socket whose peer broke the protocol. A socket that is closed already is left as it is. */
export function closeSocket(socket: WebSocket, code: SocketRefusalCode): void {
  closeQuietly(socket, SOCKET_REFUSALS[code], code);
}

/** Closes a socket that may be closed or broken already. Codes that no endpoint may send become 1000. */
export function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  const isReserved = code === 1005 || code === 1006 || code === 1015;
  try {
    socket.close(isReserved ? 1000 : code, reason);
  } catch {
    // The other side is gone: closed is what this socket was meant to be.
  }
}
