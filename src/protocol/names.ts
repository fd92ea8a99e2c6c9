/**
 * Every name that both ends of the wire, the pages or their style sheets spell out. One list, so that no
 * name is written twice.
 */

export { ATTRIBUTES } from "./attributes.ts";

/** The WebSocket subprotocol. Its number changes only when an old client can no longer be understood. */
export const SUBPROTOCOL = "reflex.v1";

/**
 * Counts what was added to the protocol since its major version; both sides say theirs, and each understands what the
 * other leaves out. The clients before 2 had no hello: their sockets begin with a location.
 */
export const PROTOCOL_VERSION = 5;

/** The first version of the protocol whose clients run errands. */
export const ERRANDS_SINCE = 3;

/** The first version of the protocol whose clients take payloads and operations. */
export const PAYLOADS_SINCE = 4;

/** The first version of the protocol whose clients remember their places in topics, and say what they have read. */
export const TOPICS_SINCE = 5;

/** As the state in a location: the page is the one that it was, and an operation has changed its address. */
export const SAME_PAGE = "=";

/** What a browser sends to hear that its socket lives, and the answer: by the platform, without waking the session. */
export const HEARTBEAT = "~";

/** The path below which the runtime answers by itself: the client's files and the socket. */
export const RUNTIME_PATH = "/_reflex";

/** Where a browser opens its socket. */
export const SOCKET_PATH = `${RUNTIME_PATH}/socket`;

/** In the address of a socket: the page load that its browser tab showed before. */
export const BEFORE_PARAM = "before";

/** The cookie of a few seconds in which a page that is left says so to the one that takes its place. */
export const TAB_COOKIE = "reflex-tab";

/** Where a browser fetches what a socket cannot carry. */
export const ERRAND_PATH = `${RUNTIME_PATH}/errand`;

/** Where a browser uploads the files of a form, by HTTP: `POST` begins, `PUT …/<ticket>/<part>` sends, `DELETE …/<ticket>` gives up. */
export const UPLOAD_PATH = `${RUNTIME_PATH}/upload`;

/** With what a browser fetches it. A header of its own, which no other site can send without asking. */
export const TICKET_HEADER = "Reflex-Ticket";

/**
 * What the client writes on `<html>`: `connecting` before the first socket, `online`, `offline` between two,
 * `refused` when no further try can succeed until the page is loaded again.
 */
export type ConnectionState = "connecting" | "online" | "offline" | "refused";
