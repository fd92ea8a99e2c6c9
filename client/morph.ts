import morphdom from "morphdom";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { keepTyping, updateSelect } from "./keep-typing.ts";

/**
 * Brings what is inside an element to the given HTML, changing as little as possible: elements keep their
 * identity by id and by place. Permanent elements, and what the visitor typed or chose, are left as they are.
 *
 * @param element the element itself keeps its attributes
 * @param html parsed in the element's own context, so that table rows and options parse as such
 * @returns the element that asks for the focus: the first that came, or was given, an `autofocus`
 */
export function morphContent(element: Element, html: string): HTMLElement | undefined {
  const asking: HTMLElement[] = [];
  morphdom(element, parseInside(element, html), {
    childrenOnly: true,
    getNodeKey: keyOf,
    onBeforeElUpdated: (live, wanted) => updateElement(live, wanted, asking),
    onNodeAdded: (node) => {
      if (node instanceof HTMLElement && node.autofocus) asking.push(node);
      return node;
    },
    onBeforeNodeDiscarded: (node) => !(node instanceof Element && isPermanent(node)),
  });
  return asking[0];
}

/** Parses in a document without a window, where pictures do not load and handlers do not run. */
function parseInside(element: Element, html: string): Element {
  const inert = document.implementation.createHTMLDocument("");
  // A shallow copy, so that HTML is parsed as what it will be: in a <tbody>, a <select>, an <svg>.
  const wanted = inert.importNode(element, false);
  wanted.innerHTML = html;
  return wanted;
}

/** By the attribute: the property of a form is its field named "id", when it has one. */
function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute("id") ?? undefined) : undefined;
}

/** False tells morphdom that there is nothing left to do below. */
function updateElement(live: Element, wanted: Element, asking: HTMLElement[]): boolean {
  // Equal markup says nothing new, so whatever the visitor made of it stands.
  if (isPermanent(live) || live.isEqualNode(wanted)) return false;
  if (live instanceof HTMLElement && wanted instanceof HTMLElement && wanted.autofocus && !live.autofocus) {
    asking.push(live);
  }
  if (live instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
    updateSelect(live, wanted);
    return false;
  }
  keepTyping(live, wanted);
  return true;
}

function isPermanent(element: Element): boolean {
  return element.hasAttribute(ATTRIBUTES.permanent);
}
