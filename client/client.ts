import { ATTRIBUTES } from "../src/protocol/names.ts";
import { Consumer, type ConsumerPorts } from "./consumer.ts";
import { writeAttribute } from "./controls.ts";
import type { Match } from "./declarations.ts";
import { Delegation } from "./delegation.ts";
import { snapshotOf } from "./element-snapshot.ts";
import { ReflexError } from "./errors.ts";
import { fieldsOf, formOf } from "./forms.ts";
import type { LoadFile } from "./lazy-files.ts";
import { LazyPage } from "./lazy-page.ts";
import { offlinePolicy } from "./offline.ts";
import { Pacing } from "./pacing.ts";
import type { PageStorage } from "./pending-calls.ts";
import type { ReflexResult } from "./reflex-result.ts";
import type { UpdaterPorts } from "./updates.ts";

/** What a page's element is told when a reflex that it declared did not succeed: an event named `reflex:error`. */
export type ReflexErrorEvent = CustomEvent<{ readonly target: string; readonly error: ReflexError }>;

/** What varies between a browser and a test. */
export interface ClientPorts extends ConsumerPorts {
  /** Names the files that this client came in; empty when an application has bundled it. */
  readonly build: string;
  /** Loads what few pages need. */
  readonly load: LoadFile;
  /** Loads the page again. */
  readonly reload: () => void;
  /** Where what is typed outlives the page. */
  readonly drafts: PageStorage;
}

/** What a page's element is told when an action that it declared stopped itself: `reflex:halted` or `reflex:forbidden`. */
export type ReflexStoppedEvent = CustomEvent<{ readonly target: string }>;

/** What tells that a visitor uses a control. */
const TYPING = ["focusin", "input", "change"];

/** What tells that a visitor is about to do something. */
const INTENT = ["pointerdown", "focusin", "keydown"];

/** The client of one page: its connection, its declared reflexes, and `stimulate`. */
export class ReflexClient {
  readonly #document: Document;
  readonly #consumer: Consumer;
  readonly #delegation: Delegation;
  readonly #page: LazyPage;
  readonly #pacing: Pacing;
  readonly #ports: ClientPorts;

  constructor(document: Document, ports: ClientPorts) {
    this.#document = document;
    this.#ports = ports;
    const pagePorts: UpdaterPorts = {
      misfit: (address) => {
        console.warn(`edge-reflex: the page differs at ${address}`);
        this.#consumer.restore(address);
      },
      runErrand: async (ticket, isMoved) => {
        await ports.load("errand").then(({ runErrand }) => runErrand(ticket), console.error);
        if (isMoved) this.#consumer.reconnect();
      },
    };
    this.#page = new LazyPage(document, pagePorts, ports.load);
    this.#pacing = new Pacing(ports.later);
    this.#consumer = new Consumer(
      {
        prepare: (updates) => this.#page.prepare(updates),
        update: (updates) => this.#page.apply(updates),
        state: () => this.#page.state,
        stateChanged: (state) => {
          document.documentElement.setAttribute(ATTRIBUTES.connection, state);
          this.#page.stateChanged(state);
        },
        pendingChanged: (count) =>
          writeAttribute(document.documentElement, ATTRIBUTES.pending, count === 0 ? null : `${count}`),
        welcomed: (build) => this.#welcomed(build, ports.build),
        outdated: ports.reload,
      },
      ports,
    );
    this.#delegation = new Delegation(document, {
      triggered: (match, event) => this.#triggered(match, event),
    });
  }

  /** Starts listening and connecting. Called once. */
  start(): void {
    this.#document.documentElement.setAttribute(ATTRIBUTES.connection, "connecting");
    this.#delegation.start();
    // On their way in, so that what waited is called before what the event itself calls.
    for (const type of ["change", "blur", "submit", "pagehide", "visibilitychange"])
      this.#document.defaultView?.addEventListener(type, (event) => this.#flush(event), true);
    this.#keepDrafts();
    for (const type of INTENT)
      this.#document.addEventListener(type, () => this.#page.warm(), { once: true, capture: true });
    this.#consumer.connect();
  }

  /** What was typed comes back at once; what is typed is kept from when a control is first used. */
  #keepDrafts(): void {
    const { load, drafts } = this.#ports;
    const start = () => {
      for (const type of TYPING) this.#document.removeEventListener(type, start, true);
      load("drafts").then(({ Drafts }) => new Drafts(this.#document, drafts).start(), console.error);
    };
    if (drafts.read() !== null) start();
    else for (const type of TYPING) this.#document.addEventListener(type, start, true);
  }

  /** The connection of the page. */
  get consumer(): Consumer {
    return this.#consumer;
  }

  /**
   * Calls an action. Element and form are read at once, so that what happens to them later does not matter.
   *
   * @param target `Class#action`
   * @param element gives the reflex its `element` and `params`; may be left out
   * @param args JSON values, passed to the action in order
   * @returns settles when the page has been updated; rejects with `ReflexError` for everything else
   */
  stimulate(target: string, ...args: readonly unknown[]): Promise<ReflexResult> {
    const [first, ...rest] = args;
    if (first instanceof Element) return this.#call(target, first, rest);
    return this.#consumer.call(target, { args: args.length === 0 ? undefined : args });
  }

  /** For the page to act upon, or not: what it has goes on working. */
  #welcomed(newest: string, own: string): void {
    const isOutdated = own !== "" && own !== newest;
    this.#document.documentElement.toggleAttribute(ATTRIBUTES.outdated, isOutdated);
  }

  #triggered({ element, targets }: Match, event: Event): void {
    const submitter = event instanceof SubmitEvent ? event.submitter : element;
    this.#pacing.pace(element, event.type, () => {
      for (const target of targets) {
        this.#call(target, element, [], submitter).then(
          ({ outcome }) => {
            if (outcome === "halted" || outcome === "forbidden") tell(element, outcome, { target });
          },
          (error: ReflexError) => tellError(element, target, error),
        );
      }
    });
  }

  /** Who leaves a field or a form, or the page, is done with it. */
  #flush({ type, target }: Event): void {
    const isLeft = type === "pagehide" || this.#document.hidden;
    const isDone = (element: Element) => target instanceof Element && belongTogether(element, target);
    this.#pacing.flush(type, (element) => isLeft || isDone(element));
  }

  /** True when the element's calls are to fail rather than wait for the connection. */
  #refuses(element: Element): boolean {
    const { state } = this.#consumer;
    const isOffline = state === "offline" || state === "refused";
    return isOffline && /^(refuse|disable)$/.test(offlinePolicy(element));
  }

  async #call(
    target: string,
    element: Element,
    args: readonly unknown[],
    submitter?: Element | null,
  ): Promise<ReflexResult> {
    if (this.#refuses(element)) throw new ReflexError(target, "offline");
    const detail = this.#page.without(() => ({
      element: snapshotOf(element),
      form: fieldsOf(element, submitter instanceof HTMLElement ? submitter : null),
      args: args.length === 0 ? undefined : args,
      root: rootOf(element),
    }));
    const answered = this.#page.pend(element);
    const latestOf = element.hasAttribute(ATTRIBUTES.latest) ? element : undefined;
    return await this.#consumer.call(target, detail, latestOf).finally(answered);
  }
}

/** True for an element and what is in it, and for all that belongs to one form. */
function belongTogether(element: Element, other: Element): boolean {
  const form = formOf(other);
  return element.contains(other) || (form !== null && form === formOf(element));
}

/** What the nearest of its ancestors limits page morphs to; selectors that find nothing in the page do not count. */
function rootOf(element: Element): string | undefined {
  const declaring = element.closest(`[${ATTRIBUTES.root}]`);
  if (declaring === null) return undefined;
  const root = declaring.getAttribute(ATTRIBUTES.root) ?? "";
  const isFound = root !== "" && element.ownerDocument.querySelector(root) !== null;
  return isFound || declaring.parentElement === null ? root || undefined : rootOf(declaring.parentElement);
}

/** Nobody holds the promise of a declared reflex, so its failure goes to the element, and to the console unless handled. */
function tellError(element: Element, target: string, error: ReflexError): void {
  // The next page makes the call.
  if (error.code === "page-closed") return;
  if (tell(element, "error", { target, error })) console.error(error);
}

/** True unless somebody has taken care of it. */
function tell(element: Element, what: string, detail: object): boolean {
  const event = new CustomEvent(`reflex:${what}`, { bubbles: true, cancelable: true, detail });
  return (element.isConnected ? element : document.documentElement).dispatchEvent(event);
}
