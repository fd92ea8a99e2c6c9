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
  /** On `<html>`, written by the client: a `ConnectionState`. */
  connection: "data-reflex-connection",
  /** On `<html>`: present while the client writes calls to the console. */
  debug: "data-reflex-debug",
  /** On `<html>`, written by the client: present when the server has newer files of the client than the page. */
  outdated: "data-reflex-outdated",
  /** On elements and on `<html>`, written by the client: how many of their calls, and of the page's, are unanswered. */
  pending: "data-reflex-pending",
} as const;
