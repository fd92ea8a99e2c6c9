import { ATTRIBUTES } from "../src/protocol/names.ts";

/** The element inside `root` that carries this address. */
export function elementAt(root: ParentNode, address: string): Element | undefined {
  return root.querySelector(`[${ATTRIBUTES.address}="${CSS.escape(address)}"]`) ?? undefined;
}

/** The element that asks for the focus in what is new; the new element itself comes first. */
export function askingIn(node: Node): HTMLElement | undefined {
  if (!(node instanceof HTMLElement)) return undefined;
  return node.autofocus ? node : (node.querySelector<HTMLElement>("[autofocus]") ?? undefined);
}

/**
 * Parses HTML as what it will be inside `element`: a table's rows, a select's options, the shapes of a drawing. In a
 * document without a window, where pictures do not load and handlers do not run.
 */
export function parseInside(element: Element, html: string): Element {
  const inert = document.implementation.createHTMLDocument("");
  const wanted = inert.importNode(element, false);
  wanted.innerHTML = html;
  return wanted;
}

/**
 * On an element, written by the client: what is in it is not what the server takes it for, since the element has looked for it by
 * itself. Goes when an update brings the element whole.
 */
export const APART = "data-reflex-apart";

/** What such an element is told when something of an update was meant for what is in it, and was left out. */
export const LEFT_OUT = "reflex:left-out";

/** True for what no update touches. */
export function isInPermanent(element: Element): boolean {
  return element.closest(`[${ATTRIBUTES.permanent}]`) !== null;
}

/** `moveBefore` keeps what a node has loaded and whether it is focused; browsers without it take out and put back. */
export function moveNode(parent: Element & Partial<StateKeepingMove>, node: Node, next: Node | null): void {
  if (node.parentNode === parent && node.nextSibling === next) return;
  const canKeepState = parent.moveBefore !== undefined && node.isConnected && parent.isConnected;
  if (canKeepState) parent.moveBefore?.(node, next);
  else parent.insertBefore(node, next);
}

/** WHATWG DOM, ParentNode; not yet in the compiler's library. */
interface StateKeepingMove {
  moveBefore(node: Node, next: Node | null): void;
}
