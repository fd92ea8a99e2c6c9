import { BEFORE_PARAM, TAB_COOKIE } from "../src/protocol/names.ts";
import type { CallOptions } from "./call-arguments.ts";
import { ReflexClient } from "./client.ts";
import type { ReflexConfirmEvent } from "./confirm.ts";
import { lazyFiles } from "./lazy-files.ts";
import type { PageStorage } from "./pending-calls.ts";
import type { ReflexEvent, Reflexes, ReflexPromise } from "./reflex-call.ts";
import type { Stage } from "./stages.ts";

export type { CallOptions } from "./call-arguments.ts";
export type { ReflexConfirmEvent } from "./confirm.ts";
export { type ClientErrorCode, ReflexError, type ReflexErrorCode } from "./errors.ts";
export type { ReflexCall, ReflexEvent, Reflexes, ReflexPromise, ReflexResult } from "./reflex-call.ts";
export type { Outcome } from "./reflex-result.ts";
export type { Stage } from "./stages.ts";

/** Where a call is, by the name of the event that tells it. */
type StageEvents = { readonly [Name in `reflex:${Exclude<Stage, "created">}`]: ReflexEvent };

declare global {
  interface GlobalEventHandlersEventMap extends StageEvents {
    /** The page's socket is open. These three are told on the document. */
    "reflex:connected": CustomEvent;
    /** It is not any more. */
    "reflex:disconnected": CustomEvent<{ readonly willReconnect: boolean }>;
    /** The server has refused it for good. */
    "reflex:rejected": CustomEvent;
    /** An element wants the visitor asked before it calls. */
    "reflex:confirm": ReflexConfirmEvent;
    /** A control has been given what was typed into it before the page was loaded again. */
    "reflex:restored": Event;
  }
}

/**
 * One client a page, also when the page loads this module twice (the served file and a bundle of the
 * application's own): two would mean two sockets and every reflex run twice. Hence a global, by a symbol.
 */
const CLIENT = Symbol.for("edge-reflex.client");

/**
 * Starts the client of this page, once; later calls return the one that runs. The file that the runtime serves
 * has done so by itself; an application calls this only when it bundles the client into its own script.
 */
export function start(): ReflexClient {
  const running: unknown = Reflect.get(globalThis, CLIENT);
  // Only this function writes the symbol. A copy of the class from another bundle is the same in all but identity.
  if (running !== undefined) return running as ReflexClient;
  const build = new URL(import.meta.url).searchParams.get("v") ?? "";
  const tab = storageAt("edge-reflex.tab");
  let last = "";
  /** The page load that this browser tab showed before this one: a later one, of a page that the visitor has come back to. */
  const before = () => {
    const kept = tab.read();
    if (kept !== client.consumer.tab) last = kept ?? "";
    // Said once: what this page has from then on is its own.
    else if (client.consumer.isMet) last = "";
    tab.write(client.consumer.tab);
    return last;
  };
  const client = new ReflexClient(document, {
    open: (url, subprotocol) => new WebSocket(`${url}?${BEFORE_PARAM}=${before()}`, subprotocol),
    later: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    now: Date.now,
    pageUrl: () => location.href,
    storage: storageAt("edge-reflex.calls"),
    drafts: storageAt("edge-reflex.drafts"),
    build,
    load: lazyFiles(build),
    reload: () => reloadOnce(storageAt("edge-reflex.reloaded")),
  });
  Reflect.set(globalThis, CLIENT, client);
  client.start();
  const { consumer } = client;
  // For the page that takes this one's place, which is asked for before it can say whose it is; by the browser, or by Turbo.
  for (const type of ["beforeunload", "turbo:before-fetch-request"])
    addEventListener(type, () => {
      if (tab.read() === consumer.tab)
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API answers when the page is gone
        document.cookie = `${TAB_COOKIE}=${consumer.tab};path=/;max-age=5;samesite=lax`;
    });
  addEventListener("online", () => consumer.reconnect());
  addEventListener("offline", () => consumer.connect());
  addEventListener("pagehide", (event) => {
    client.flush(event);
    consumer.leave(!event.persisted);
  });
  addEventListener("pageshow", ({ persisted }) => persisted && consumer.connect());
  document.addEventListener("visibilitychange", () => {
    // A page that is hidden may never be heard of again.
    if (document.visibilityState === "visible") consumer.connect();
    else consumer.save();
  });
  return client;
}

/**
 * A frame in a page has the storage of the page around it, and goes with it: so it keeps nothing, or one would throw away what
 * the other has put aside.
 */
function storageAt(key: string): PageStorage {
  if (parent !== self) return { read: () => null, write: () => {} };
  return {
    read: () => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        // Forbidden by the visitor.
        return null;
      }
    },
    write: (text) => {
      try {
        if (text === null) sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, text);
      } catch {
        // Full, or forbidden by the visitor: then a page leaves nothing behind.
      }
    },
  };
}

/** A page that is still too old behind a cache must not be loaded for ever. */
function reloadOnce(storage: PageStorage): void {
  if (Date.now() - Number(storage.read()) < 60_000) return;
  const now = String(Date.now());
  storage.write(now);
  // What cannot remember that it was done would do it again.
  if (storage.read() === now) location.reload();
}

/**
 * What every action takes, by its target. An application's own types say so, see `ReflexesOf` of `edge-reflex`; while it is
 * empty, every text is a target and takes any arguments.
 */
// biome-ignore lint/suspicious/noEmptyInterface: an application's declarations are merged into it
export interface ReflexTypes {}

/** What `stimulate` calls: `Class#action`. */
export type Target = [keyof ReflexTypes] extends [never]
  ? string
  : (keyof ReflexTypes & string) | "Reflex#refresh";

/** What stands behind a target: an element, then options, both of which may be left out; then the arguments of the action. */
export type Given<Name extends Target> =
  | ArgumentsFor<Name>
  | [element: Element, ...ArgumentsFor<Name>]
  | [options: CallOptions, ...ArgumentsFor<Name>]
  | [element: Element, options: CallOptions, ...ArgumentsFor<Name>];

type ArgumentsFor<Name> = Name extends keyof ReflexTypes
  ? Extract<ReflexTypes[Name], readonly unknown[]>
  : [keyof ReflexTypes] extends [never]
    ? readonly unknown[]
    : [];

/**
 * Calls an action of the server from code.
 *
 * @param target `Class#action`; when left out, the page is rendered again
 * @param given an element first, if the reflex should see one (and its form); then {@link CallOptions}, if need be; then JSON
 * values for the action
 * @returns settles when the page has been updated; rejects with {@link ReflexError}
 * @example
 * await stimulate("Cart#add", document.querySelector("#product"), 2);
 */
export function stimulate<Name extends Target>(target?: Name, ...given: Given<Name>): ReflexPromise {
  return start().stimulate(target, ...given);
}

/** The calls of the page that are under way, and the last that have ended. */
export function reflexes(): Reflexes {
  return start().reflexes;
}
