import { ATTRIBUTES } from "../src/protocol/names.ts";
import { type Declaration, declarationsOf, hasKeys, type Place } from "./declarations.ts";

/** An element that answers an event, and what it calls, in the order written. */
export interface Match {
  readonly element: Element;
  readonly declarations: readonly Declaration[];
}

/** What the delegation tells whoever makes calls. */
export interface DelegationListener {
  /** An element's declared event happened. Called synchronously, inside the event's dispatch. */
  triggered(match: Match, event: Event): void;
  /** An element declares reflexes, or others than before. */
  learned(element: Element): unknown;
  /** An entry was left out, or may never be heard. Told once for each. */
  doubted(entry: string, element: Element): void;
}

/** What tells the listeners of one event type apart. */
interface Ear {
  readonly place: Place;
  readonly capture: boolean;
  readonly passive: boolean;
}

/**
 * Watches a document for the events that its `data-reflex` attributes name. One pair of listeners for each
 * event type, on the document, whatever the number of elements: a table of 10,000 buttons costs what one costs.
 */
export class Delegation {
  readonly #document: Document;
  readonly #listener: DelegationListener;
  /** What is listened to, and which entries were doubted. */
  readonly #known = new Set<string>();
  /** The entries with `:once` that an element has used up. */
  readonly #used = new WeakMap<Element, Set<string>>();
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

  /** The entries of a match that may be called still. Those that are called once cannot be taken again. */
  take({ element, declarations }: Match): readonly Declaration[] {
    const used = this.#used.get(element) ?? new Set();
    this.#used.set(element, used);
    return declarations.filter(({ entry, options }) => {
      const isLeft = !used.has(entry);
      if (/:once/.test(options)) used.add(entry);
      return isLeft;
    });
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
    const declarations = declarationsOf(element, (entry) => {
      if (this.#isNew(entry)) this.#listener.doubted(entry, element);
    });
    if (declarations.length > 0) this.#listener.learned(element);
    for (const { eventType, place, options } of declarations) {
      const passive = /:passive/.test(options);
      if (!this.#isNew(`${eventType}@${place} ${passive}`)) continue;
      // Bubbling events are taken at the end of their way, so that the page's own listeners come first and can
      // stop them; events that do not bubble pass the document only while being captured.
      for (const capture of [false, true])
        (place === "window" ? this.#document.defaultView : this.#document)?.addEventListener(
          eventType,
          (event) => this.#answer(event, { place, capture, passive }),
          // Said also where it is not: browsers take some events of a document for passive.
          { capture, passive },
        );
    }
  }

  #isNew(name: string): boolean {
    return this.#known.size < this.#known.add(name).size;
  }

  /**
   * An event is answered by the nearest of the elements around its target that declares a reflex for it, and by all that listen to
   * the window or the document. One that does not bubble concerns its target alone, as with a listener on the element itself.
   */
  #answer(event: Event, ear: Ear): void {
    if (opensElsewhere(event)) return;
    if (ear.place !== "element") {
      const listening = this.#document.querySelectorAll(`[${ATTRIBUTES.reflex}*="@${ear.place}"]`);
      for (const element of listening) this.#isAnswered(event, element, ear);
      return;
    }
    const { target, bubbles } = event;
    let element = target instanceof Element ? target : null;
    while (element !== null && (bubbles || element === target) && !this.#isAnswered(event, element, ear))
      element = element.parentElement?.closest(`[${ATTRIBUTES.reflex}]`) ?? null;
  }

  #isAnswered(event: Event, element: Element, { place, capture, passive }: Ear): boolean {
    const used = this.#used.get(element);
    const declarations = declarationsOf(element).filter((declaration) => {
      const { entry, eventType, keys, options } = declaration;
      const isCaptured = /:capture/.test(options) || (place === "element" && !event.bubbles);
      return (
        eventType === event.type &&
        place === declaration.place &&
        capture === isCaptured &&
        passive === /:passive/.test(options) &&
        (event.target === element || !/:self/.test(options)) &&
        hasKeys(event, keys) &&
        !used?.has(entry)
      );
    });
    if (declarations.length === 0) return false;
    const options = declarations.map((declaration) => declaration.options).join("");
    if (/:prevent/.test(options) || leavesThePage(event, element)) event.preventDefault();
    if (/:stop/.test(options)) event.stopPropagation();
    this.#listener.triggered({ element, declarations }, event);
    return true;
  }
}

/** True for a click on a link with which the visitor asks for another tab, another window or a download. */
function opensElsewhere({
  type,
  target,
  ctrlKey,
  metaKey,
  shiftKey,
  altKey,
}: Event & Partial<MouseEvent>): boolean {
  const isAsked = type === "click" && (ctrlKey || metaKey || shiftKey || altKey);
  return isAsked === true && target instanceof Element && target.closest("a[href],area[href]") !== null;
}

/** Links, and what submits a form. */
const LEAVING = "a[href],area[href],button:not([type=button],[type=reset]),[type=submit],[type=image]";

/**
 * True when the browser's own answer to the event would navigate: the reflex stands in for it. Every other
 * default stays, so that a checkbox toggles, a key types and a `<summary>` opens.
 */
function leavesThePage({ type, target }: Event, element: Element): boolean {
  if (!(target instanceof Element)) return false;
  // A form may have a field named `contains`.
  if (type === "submit") return element === target || element.contains(target);
  const control = type === "click" ? target.closest<HTMLButtonElement>(LEAVING) : null;
  // A button of no form may open a popover; links have no word on forms.
  return control !== null && element.contains(control) && control.form !== null;
}
