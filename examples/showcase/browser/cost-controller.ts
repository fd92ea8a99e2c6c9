import { Controller } from "@hotwired/stimulus";
import { watchFrames } from "./frame-sizes.ts";

const EVERYTHING = { subtree: true, childList: true, attributes: true, characterData: true };

const MARKS = ["aria-busy", "data-reflex-pending"];

/** Says what the last update of the page cost: counted in the browser, without any help from the server. */
export class CostController extends Controller<HTMLElement> {
  static override targets = ["sent", "received", "rows", "mutations"];

  declare readonly sentTarget: HTMLElement;
  declare readonly receivedTarget: HTMLElement;
  declare readonly rowsTarget: HTMLElement;
  declare readonly mutationsTarget: HTMLElement;

  readonly #observer = new MutationObserver((records) => this.#count(records));
  #stopWatching: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sentBytes = 0;
  #receivedBytes = 0;
  #mutations = 0;
  #hasChanged = false;
  readonly #rows = new Set<Element>();

  override connect(): void {
    this.#observer.observe(this.element, EVERYTHING);
    this.#stopWatching = watchFrames({
      sent: (bytes) => {
        this.#sentBytes = bytes;
      },
      received: (bytes) => {
        this.#receivedBytes += bytes;
        this.#showSoon();
      },
    });
  }

  override disconnect(): void {
    this.#observer.disconnect();
    this.#stopWatching?.();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #count(records: readonly MutationRecord[]): void {
    // The panel changes with every update, by this very controller; and the client marks what has a call under way.
    const ofServer = records.filter(
      ({ target, attributeName }) =>
        !MARKS.includes(attributeName ?? "") && target.parentElement?.closest("#cost") == null,
    );
    if (ofServer.length === 0) return;
    this.#mutations += ofServer.length;
    this.#hasChanged = true;
    for (const row of ofServer.flatMap(rowsOf)) this.#rows.add(row);
    this.#showSoon();
  }

  /** A frame and the changes it makes are told one after the other, in either order, but before any timer. */
  #showSoon(): void {
    this.#timer ??= setTimeout(() => this.#show());
  }

  #show(): void {
    this.#timer = undefined;
    // The client loads what changes the page when it is first needed: the changes of the first frame come long after it.
    if (!this.#hasChanged) return;
    // What changes without a frame is an extension's doing: a password manager, say, that marks every input.
    if (this.#receivedBytes > 0) {
      this.sentTarget.textContent = toBytes(this.#sentBytes);
      this.receivedTarget.textContent = toBytes(this.#receivedBytes);
      this.rowsTarget.textContent = this.#rows.size.toLocaleString("en");
      this.mutationsTarget.textContent = this.#mutations.toLocaleString("en");
      this.#sentBytes = 0;
      this.#receivedBytes = 0;
    }
    this.#mutations = 0;
    this.#rows.clear();
  }
}

/** The rows that a change is in, or puts, or takes away. */
function rowsOf({ target, addedNodes, removedNodes }: MutationRecord): readonly Element[] {
  const around = target instanceof Element ? target : target.parentElement;
  const nodes = [around?.closest("tr"), ...addedNodes, ...removedNodes];
  return nodes.filter((node) => node instanceof HTMLTableRowElement);
}

function toBytes(bytes: number): string {
  return `${bytes.toLocaleString("en")} bytes`;
}
