import { ATTRIBUTES, type ConnectionState } from "../src/protocol/names.ts";
import { type FocusMemory, rememberFocus, restoreFocus } from "./focus.ts";
import type { Marks } from "./marks.ts";
import { offlinePolicy } from "./offline.ts";

/** What a form is submitted by. */
const SUBMIT_BUTTONS = "button:not([type=button], [type=reset]), [type=submit], [type=image]";

/** Disables, while the page is offline, the elements that ask for it. */
export class OfflineControls {
  readonly #document: Document;
  readonly #marks: Marks;
  /** What was focused when it was disabled. */
  #focus: FocusMemory | undefined;

  constructor(document: Document, marks: Marks) {
    this.#document = document;
    this.#marks = marks;
  }

  /** Disables what is to be disabled, or enables it again. Before the first connection a page is not offline. */
  stateChanged(state: ConnectionState): void {
    const isOffline = state === "offline" || state === "refused";
    const elements = isOffline ? elementsToDisable(this.#document) : new Set<Element>();
    const focus = rememberFocus(this.#document);
    if (focus !== undefined && elements.has(focus.element)) this.#focus = focus;
    this.#marks.disable(elements);
    if (isOffline) return;
    // A disabled element loses the focus; where else the visitor has put it meanwhile, it stays.
    if (focus === undefined) restoreFocus(this.#document, this.#focus);
    this.#focus = undefined;
  }
}

/**
 * What declares a reflex, controls that carry the policy themselves, and the submit buttons of a form that declares a
 * reflex: its fields can still be filled in.
 */
function elementsToDisable(document: Document): ReadonlySet<Element> {
  const found = new Set<Element>();
  for (const scope of document.querySelectorAll(`[${ATTRIBUTES.offline}=disable]`)) {
    for (const element of [scope, ...scope.querySelectorAll(`[${ATTRIBUTES.reflex}]`)]) {
      const isMeant = element.hasAttribute(ATTRIBUTES.reflex) || "disabled" in element;
      if (!isMeant || offlinePolicy(element) !== "disable") continue;
      found.add(element);
      if (element.localName !== "form") continue;
      for (const button of element.querySelectorAll(SUBMIT_BUTTONS)) found.add(button);
    }
  }
  return found;
}
