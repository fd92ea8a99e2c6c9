import type { Update } from "../src/protocol/messages.ts";
import { ATTRIBUTES, type ConnectionState } from "../src/protocol/names.ts";
import { ForeignNodes } from "./foreign-nodes.ts";
import type { CallPlace } from "./given-focus.ts";
import type { LoadFile } from "./lazy-files.ts";
import type { Page } from "./page.ts";
import type { UpdaterPorts } from "./updates.ts";

interface LazyPagePorts extends UpdaterPorts {
  readonly load: LoadFile;
}

/** What changes the page, as far as it is loaded: a page that nobody touches and nothing changes does without. */
export class LazyPage {
  readonly #document: Document;
  readonly #foreign: ForeignNodes;
  readonly #ports: LazyPagePorts;
  /** The last place in each topic that the page was told of. */
  readonly positions: Record<string, string> = {};
  #state: ConnectionState = "connecting";
  #page: Page | undefined;
  #loading: Promise<Page> | undefined;

  constructor(document: Document, ports: LazyPagePorts) {
    this.#document = document;
    this.#foreign = new ForeignNodes(document);
    this.#ports = ports;
  }

  /** What the page said of itself while it is still as it came, empty once it is not; `undefined` when it said nothing. */
  get state(): string | undefined {
    if (this.#page?.hasChanged) return "";
    return this.#document.body.getAttribute(ATTRIBUTES.state) ?? undefined;
  }

  /** Resolves when all operations are done; `undefined` when they are. */
  get working(): Promise<unknown> | undefined {
    return this.#page?.working;
  }

  /** Loads it while the visitor is about to do something, or an answer is on its way. */
  warm(): void {
    // Whoever needs it asks again.
    this.#loaded().catch(() => {});
  }

  /** `undefined` when these updates can be applied at once, and otherwise when this resolves. */
  prepare(updates: readonly Update[]): Promise<unknown> | undefined {
    if (updates.length === 0) return undefined;
    return this.#page === undefined ? this.#loaded() : this.#page.prepare(updates);
  }

  /**
   * Applies updates that were prepared.
   *
   * @param place where the call was made that they answer, if they do
   */
  apply(updates: readonly Update[], place?: CallPlace): void {
    this.#page?.apply(updates, place);
  }

  /**
   * Shows on the element that one more call of it is unanswered.
   *
   * @returns takes that back, once
   */
  pend(element: Element): () => void {
    if (this.#page !== undefined) return this.#page.pend(element);
    let answered = () => {};
    let isAnswered = false;
    const show = (page: Page) => {
      if (!isAnswered) answered = page.pend(element);
    };
    this.#loaded().then(show, () => {});
    return () => {
      isAnswered = true;
      answered();
    };
  }

  /** Runs what is to see the page without what the client has written on it. */
  without<Result>(work: () => Result): Result {
    return this.#page === undefined ? work() : this.#page.without(work);
  }

  /** What is disabled while the page is offline has to be at hand then. */
  stateChanged(state: ConnectionState): void {
    this.#state = state;
    if (this.#page !== undefined) this.#page.stateChanged(state);
    else if (this.#document.querySelector(`[${ATTRIBUTES.offline}=disable]`) !== null) this.warm();
  }

  #loaded(): Promise<Page> {
    this.#loading ??= this.#ports.load("page").then(
      ({ Page }) => {
        this.#page = new Page(this.#document, this.#foreign, this.#ports, this.positions);
        this.#page.stateChanged(this.#state);
        return this.#page;
      },
      (error) => {
        this.#loading = undefined;
        throw error;
      },
    );
    return this.#loading;
  }
}
