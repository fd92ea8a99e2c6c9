/**
 * Knows which elements of a page the server did not put there. Patches count elements, so an element that an
 * extension or the page's own code added must not be counted, and where one was taken away nothing can be.
 *
 * Watches the document; what happens while {@link ignoring} runs is the client's own work and is not foreign.
 */
export class ForeignNodes {
  readonly #observer: MutationObserver;
  readonly #added = new WeakSet<Node>();
  /** Elements that lost a child of the server's. */
  readonly #damaged = new WeakSet<Node>();

  constructor(document: Document) {
    this.#observer = new MutationObserver((records) => this.#learn(records));
    this.#observer.observe(document, { subtree: true, childList: true });
  }

  /** The element's child at that index as the server counts; `undefined` when there is none, or no telling. */
  childAt(element: Element, index: number): Element | undefined {
    if (this.#damaged.has(element)) return undefined;
    let place = -1;
    for (const child of element.children) {
      if (!this.#added.has(child)) place += 1;
      if (place === index) return child;
    }
    return undefined;
  }

  /** Runs an update of the client's own. */
  ignoring<Result>(update: () => Result): Result {
    this.#learn(this.#observer.takeRecords());
    try {
      return update();
    } finally {
      this.#observer.takeRecords();
    }
  }

  isForeign(node: Node): boolean {
    return this.#added.has(node);
  }

  /** The element is about to be brought to what the server says as a whole, so nothing will be missing in it any more. */
  mended(root: Element): void {
    this.#damaged.delete(root);
    for (const element of root.querySelectorAll("*")) this.#damaged.delete(element);
  }

  #learn(records: readonly MutationRecord[]): void {
    for (const { target, addedNodes, removedNodes } of records) {
      for (const node of addedNodes) if (node instanceof Element) this.#added.add(node);
      for (const node of removedNodes) {
        if (!(node instanceof Element)) continue;
        if (this.#added.has(node)) this.#added.delete(node);
        else this.#damaged.add(target);
      }
    }
  }
}
