/**
 * Every name that both ends of the wire, the pages or their style sheets spell out. One list, so that no
 * name is written twice.
 */

/** The WebSocket subprotocol. Its number changes only when an old client can no longer be understood. */
export const SUBPROTOCOL = "reflex.v1";

/**
 * Counts what was added to the protocol since its major version; both sides say theirs, and each understands what the
 * other leaves out. The clients before 2 had no hello: their sockets begin with a location.
 */
export const PROTOCOL_VERSION = 4;

/** The first version of the protocol whose clients run errands. */
export const ERRANDS_SINCE = 3;

/** The first version of the protocol whose clients take payloads and operations. */
export const PAYLOADS_SINCE = 4;

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

/** With what a browser fetches it. A header of its own, which no other site can send without asking. */
export const TICKET_HEADER = "Reflex-Ticket";

/** The attributes that a page's author writes or styles. */
export const ATTRIBUTES = {
  /** `event->Class#action`, several separated by white space. */
  reflex: "data-reflex",
  /** Present: no update touches this element or what is in it. */
  permanent: "data-reflex-permanent",
  /** On the root element of a fragment, written by the server: its address in the page. */
  address: "data-r",
  /** On a placeholder in new content: a keyed list of the page that stays where it is. */
  list: "data-l",
  /** On `<body>`, written by the server: what the page says of itself. */
  state: "data-reflex-page",
  /** Selectors that limit the page morphs of the reflexes declared inside. */
  root: "data-reflex-root",
  /** How many milliseconds an element waits after its latest event before it calls. */
  debounce: "data-reflex-debounce",
  /** How many milliseconds pass at least between two calls of an element. */
  throttle: "data-reflex-throttle",
  /** `off`, on an element or around it: what is typed there is not kept for the next load of the page. */
  draft: "data-reflex-draft",
  /** On an element or around it: what becomes of its calls while the page is offline, see `client/offline.ts`. */
  offline: "data-reflex-offline",
  /** Present: of the calls of this element for one target, only the last is shown. */
  latest: "data-reflex-latest",
  /** On `<html>`, written by the client: a {@link ConnectionState}. */
  connection: "data-reflex-connection",
  /** On `<html>`, written by the client: present when the server has newer files of the client than the page. */
  outdated: "data-reflex-outdated",
  /** On elements and on `<html>`, written by the client: how many of their calls, and of the page's, are unanswered. */
  pending: "data-reflex-pending",
} as const;

/**
 * What the client writes on `<html>`: `connecting` before the first socket, `online`, `offline` between two,
 * `refused` when no further try can succeed until the page is loaded again.
 */
export type ConnectionState = "connecting" | "online" | "offline" | "refused";
