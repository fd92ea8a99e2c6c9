import { ATTRIBUTES } from "../src/protocol/names.ts";
import { findMatch, type Match, parseDeclarations } from "./declarations.ts";

/** What the delegation tells whoever makes calls. */
export interface DelegationListener {
  /** An element's declared event happened. Called synchronously, inside the event's dispatch. */
  triggered(match: Match, event: Event): void;
}

/**
 * Watches a document for the events that its `data-reflex` attributes name. One pair of listeners for each
 * event type, on the document, whatever the number of elements: a table of 10,000 buttons costs what one costs.
 */
export class Delegation {
  readonly #document: Document;
  readonly #listener: DelegationListener;
  readonly #types = new Set<string>();
  readonly #observer: MutationObserver;

  constructor(document: Document, listener: DelegationListener) {
    this.#document = document;
    this.#listener = listener;
    this.#observer = new MutationObserver((mutations) => this.#scanChanges(mutations));
  }

  start(): void {
    const attributeFilter = [ATTRIBUTES.reflex];
    this.#observer.observe(this.#document, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter,
    });
    this.#scan(this.#document.documentElement);
  }

  #scanChanges(mutations: readonly MutationRecord[]): void {
    for (const { type, target, addedNodes } of mutations) {
      const changed = type === "attributes" ? [target] : addedNodes;
      for (const node of changed) if (node instanceof Element) this.#scan(node);
    }
  }

  #scan(root: Element): void {
    this.#learn(root);
    for (const element of root.querySelectorAll(`[${ATTRIBUTES.reflex}]`)) this.#learn(element);
  }

  #learn(element: Element): void {
    for (const { eventType } of parseDeclarations(element.getAttribute(ATTRIBUTES.reflex) ?? "")) {
      if (this.#types.has(eventType)) continue;
      this.#types.add(eventType);
      // Bubbling events are taken at the end of their way, so that the page's own listeners come first and can
      // stop them; events that do not bubble pass the document only while being captured.
      this.#document.addEventListener(eventType, (event) => event.bubbles && this.#answer(event));
      this.#document.addEventListener(eventType, (event) => !event.bubbles && this.#answer(event), true);
    }
  }

  #answer(event: Event): void {
    const match = findMatch(event);
    if (match === undefined) return;
    if (leavesThePage(event, match.element)) event.preventDefault();
    this.#listener.triggered(match, event);
  }
}

/**
 * True when the browser's own answer to the event would navigate: the reflex stands in for it. Every other
 * default stays, so that a checkbox toggles, a key types and a `<summary>` opens.
 */
function leavesThePage(event: Event, element: Element): boolean {
  if (event.type === "submit") return true;
  if (event.type !== "click") return false;
  const control =
    event.target instanceof Element ? event.target.closest("a[href], area[href], button, input") : null;
  if (control === null || !element.contains(control)) return false;
  if (control instanceof HTMLButtonElement) return control.type === "submit" && control.form !== null;
  if (control instanceof HTMLInputElement) return ["submit", "image"].includes(control.type);
  return true;
}
