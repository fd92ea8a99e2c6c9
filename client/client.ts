import type { Positions } from "../src/protocol/messages.ts";
import { ATTRIBUTES, type ConnectionState } from "../src/protocol/names.ts";
import { readArguments } from "./call-arguments.ts";
import { Calls } from "./calls.ts";
import { Consumer } from "./consumer.ts";
import type { ConsumerPorts } from "./consumer-ports.ts";
import { Delegation, type Match } from "./delegation.ts";
import { keepDrafts } from "./lazy-drafts.ts";
import { LazyExtras } from "./lazy-extras.ts";
import type { LoadFile } from "./lazy-files.ts";
import { LazyPage } from "./lazy-page.ts";
import type { PageStorage } from "./pending-calls.ts";
import { type Reflexes, type ReflexPromise, tell } from "./reflex-call.ts";
import { takeSchema } from "./schema.ts";

/** What is called when no target is given: the page is rendered again. */
const REFRESH = "Reflex#refresh";

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

/** What tells that a visitor is about to do something. */
const INTENT = ["pointerdown", "focusin", "keydown"];

/** The client of one page: its connection, its declared reflexes, and `stimulate`. */
export class ReflexClient {
  readonly #document: Document;
  readonly #consumer: Consumer;
  readonly #delegation: Delegation;
  readonly #page: LazyPage;
  readonly #calls: Calls;
  readonly #ports: ClientPorts;

  constructor(document: Document, ports: ClientPorts) {
    this.#document = document;
    this.#ports = ports;
    const pagePorts = {
      misfit: (address: string) => {
        console.warn(`edge-reflex: the page differs at ${address}`);
        this.#consumer.restore(address);
      },
      moved: () => this.#consumer.reconnect(),
      load: ports.load,
    };
    this.#page = new LazyPage(document, pagePorts);
    this.#consumer = new Consumer(
      {
        prepare: (updates) => this.#page.prepare(updates),
        update: (updates, place) => this.#page.apply(updates, place),
        state: () => this.#page.state,
        positions: () => this.#page.positions,
        stateChanged: (state) => {
          const before = document.documentElement.getAttribute(ATTRIBUTES.connection);
          document.documentElement.setAttribute(ATTRIBUTES.connection, state);
          this.#page.stateChanged(state);
          if (state !== before) tellConnection(state, before);
        },
        pendingChanged: (count) => {
          if (count === 0) document.documentElement.removeAttribute(ATTRIBUTES.pending);
          else document.documentElement.setAttribute(ATTRIBUTES.pending, `${count}`);
        },
        welcomed: (build) => this.#welcomed(build, ports.build),
        outdated: ports.reload,
      },
      ports,
    );
    const extras = new LazyExtras(ports.load, takeSchema(document));
    this.#calls = new Calls(this.#consumer, this.#page, extras, ports);
    this.#delegation = new Delegation(document, {
      triggered: (match, event) => this.#triggered(match, event),
      learned: (element) => extras.ready(extras.isAskedBy(element)),
      doubted: (entry, element) => {
        ports.load("extras").then(({ explain }) => explain(entry, element), console.error);
      },
    });
  }

  /** Starts listening and connecting. Called once. */
  start(): void {
    this.#document.documentElement.setAttribute(ATTRIBUTES.connection, "connecting");
    // Before calls are: one that ends at once takes back what this has heard of its form.
    keepDrafts(this.#document, this.#ports.load, this.#ports.drafts);
    this.#delegation.start();
    // Turbo has put another page in the place of this one; the connection stays.
    this.#document.addEventListener("turbo:render", () => this.#consumer.moved());
    this.#log();
    for (const type of INTENT)
      this.#document.addEventListener(type, () => this.#page.warm(), { once: true, capture: true });
    this.#consumer.connect();
  }

  /** Writes calls to the console from then on, or does not; as `<html data-reflex-debug>` says at first. */
  set debug(isOn: boolean) {
    this.#document.documentElement.toggleAttribute(ATTRIBUTES.debug, isOn);
    this.#log();
  }

  #log(): void {
    if (this.#document.documentElement.hasAttribute(ATTRIBUTES.debug))
      this.#ports.load("log").then(({ logCalls }) => logCalls(), console.error);
  }

  /** The last place in each topic that the page was told of, by the topics' keys. */
  get positions(): Positions {
    return this.#page.positions;
  }

  /** The connection of the page. */
  get consumer(): Consumer {
    return this.#consumer;
  }

  /** The calls of the page that are under way, and the last that were. */
  get reflexes(): Reflexes {
    return this.#calls.reflexes;
  }

  /**
   * Calls an action. Element and form are read at once, so that what happens to them later does not matter.
   *
   * @param target `Class#action`; when left out, the page is rendered again
   * @param given an element, which gives the reflex its `element` and `params`; then {@link CallOptions}; both may be left
   * out; then JSON values, passed to the action in order
   * @returns settles when the page has been updated; rejects with `ReflexError` for everything else
   */
  stimulate(target = REFRESH, ...given: readonly unknown[]): ReflexPromise {
    const { element, options, args } = readArguments(given);
    return this.#calls.call({ target, element, args, event: undefined }, options);
  }

  /** For the page to act upon, or not: what it has goes on working. */
  #welcomed(newest: string, own: string): void {
    const isOutdated = own !== "" && own !== newest;
    this.#document.documentElement.toggleAttribute(ATTRIBUTES.outdated, isOutdated);
  }

  /** Makes the calls that wait for a pause: who leaves the page is done with what was typed. */
  flush(event: Event): void {
    this.#calls.extras.extras?.flush(event);
  }

  #triggered(match: Match, event: Event): void {
    const { element } = match;
    const submitter = event instanceof SubmitEvent ? event.submitter : element;
    const callAll = () => {
      // Nobody holds this promise: the element has been told.
      for (const { target, args } of this.#delegation.take(match))
        this.#calls.call({ target, element, args, event }, {}, submitter).catch(() => {});
    };
    const { extras } = this.#calls;
    const isAsked = extras.isAskedBy(element);
    const ask = () => {
      if (isAsked) extras.callDeclared(element, event.type, callAll);
      else callAll();
    };
    extras.ready(isAsked)?.then(ask) ?? ask();
  }
}

/** Tells the document of its connection: what it is, by what it was. */
function tellConnection(state: ConnectionState, before: string | null): void {
  if (state === "online") tell("connected");
  else if (before === "online") tell("disconnected", { willReconnect: state === "offline" });
  if (state === "refused") tell("rejected");
}
