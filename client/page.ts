import type { Update } from "../src/protocol/messages.ts";
import { ATTRIBUTES, type ConnectionState } from "../src/protocol/names.ts";
import { FOLLOWING_TAG, STREAM_FROM } from "../src/protocol/stream-names.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { resetForms } from "./form-reset.ts";
import type { CallPlace } from "./given-focus.ts";
import { Marks, passesMarks } from "./marks.ts";
import { OfflineControls } from "./offline-controls.ts";
import { forgetPlaces, rememberPlaces } from "./topic-places.ts";
import { Updater, type UpdaterPorts } from "./updates.ts";

// For the files of operations and of elements, which have them from this one.
export { APART, LEFT_OUT, moveNode } from "./nodes.ts";
export { markPermanent, morphAnyway, morphTo } from "./operation-morphs.ts";

/** All that changes the page: what the server sends, and what the client writes on elements. Loaded with the first of either. */
export class Page {
  readonly #updater: Updater;
  readonly #marks: Marks;
  readonly #offline: OfflineControls;
  readonly #positions: Record<string, string>;
  readonly #ports: UpdaterPorts;

  /**
   * @param foreign has watched the document since it was loaded
   * @param positions where the places in topics are kept that the page is told of
   */
  constructor(
    document: Document,
    foreign: ForeignNodes,
    ports: UpdaterPorts,
    positions: Record<string, string>,
  ) {
    this.#positions = positions;
    this.#ports = ports;
    this.#updater = new Updater(document, foreign, ports);
    this.#marks = new Marks(document);
    this.#offline = new OfflineControls(document, this.#marks);
    resetForms(document);
    // Turbo keeps copies of bodies, and shows them again: they must neither claim that they are as they came, nor have marks
    // of calls which are answered by then.
    document.addEventListener("turbo:before-cache", () => {
      if (this.hasChanged) document.body.setAttribute(ATTRIBUTES.state, "");
    });
    document.addEventListener("turbo:render", () => {
      this.#marks.strip();
      forgetPlaces(document, positions);
    });
  }

  /** True when the page does not show any more what it came with. */
  get hasChanged(): boolean {
    return this.#updater.hasChanged;
  }

  /** `undefined` when these updates can be applied at once, and otherwise when this resolves. */
  prepare(updates: readonly Update[]): Promise<unknown> | undefined {
    return this.#updater.prepare(updates);
  }

  /** Resolves when all operations are done; `undefined` when they are. */
  get working(): Promise<unknown> | undefined {
    return this.#updater.working;
  }

  /**
   * Applies the updates of one frame, in order.
   *
   * @param place where the call was made that they answer, if they do
   */
  apply(updates: readonly Update[], place?: CallPlace): void {
    rememberPlaces(updates, this.#positions);
    if (updates.every(passesMarks)) this.#updater.apply(updates, place);
    else this.#marks.without(() => this.#updater.apply(updates, place));
    // Templates come before what is made of them, and their text is in no other update.
    if (!customElements.get(STREAM_FROM) && JSON.stringify(updates).includes(FOLLOWING_TAG))
      this.#ports.load("elements").catch(console.error);
  }

  /**
   * Shows on the element that one more call of it is unanswered.
   *
   * @returns takes that back, once
   */
  pend(element: Element): () => void {
    return this.#marks.pend(element);
  }

  /** Runs what is to see the page without what the client has written on it. */
  without<Result>(work: () => Result): Result {
    return this.#marks.without(work);
  }

  /** Disables, or enables again, what asks for it while there is no connection. */
  stateChanged(state: ConnectionState): void {
    this.#offline.stateChanged(state);
  }
}
