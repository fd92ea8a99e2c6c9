/** Where the visitor is typing: remembered before an update, so that it can be given back after. */
export interface FocusMemory {
  readonly element: HTMLElement;
  readonly selection:
    | readonly [start: number, end: number, direction: "forward" | "backward" | "none"]
    | undefined;
}

/** The focused element and its selection; `undefined` when nothing but the page itself has the focus. */
export function rememberFocus(document: Document): FocusMemory | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  return { element, selection: selectionOf(element) };
}

/**
 * Gives focus and selection back when the update took them: to the same element, or to the one that came in its
 * place under the same id. Does nothing when they are where they were.
 */
export function restoreFocus(document: Document, memory: FocusMemory | undefined): void {
  if (memory === undefined) return;
  const element = memory.element.isConnected ? memory.element : replacementOf(document, memory.element);
  if (element === null) return;
  if (document.activeElement !== element) element.focus({ preventScroll: true });
  const before = memory.selection;
  const after = selectionOf(element);
  if (before === undefined || after === undefined || before.every((part, index) => part === after[index]))
    return;
  if (isTextControl(element)) element.setSelectionRange(...before);
}

function replacementOf(document: Document, element: HTMLElement): HTMLElement | null {
  return element.id === "" ? null : document.getElementById(element.id);
}

function selectionOf(element: HTMLElement): FocusMemory["selection"] {
  if (!isTextControl(element)) return undefined;
  const { selectionStart, selectionEnd, selectionDirection } = element;
  // Types such as `email` and `number` have a caret that scripts can neither read nor set.
  if (selectionStart === null || selectionEnd === null) return undefined;
  return [selectionStart, selectionEnd, selectionDirection ?? "none"];
}

function isTextControl(element: Element): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}
