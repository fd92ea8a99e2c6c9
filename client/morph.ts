import morphdom from "morphdom";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { type Alignment, alignChildren, elementsById } from "./align.ts";
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
  const wanted = parseInside(element, html);
  const morph = new ContentMorph(element);
  morph.run(wanted);
  return morph.asking;
}

/** Parses in a document without a window, where pictures do not load and handlers do not run. */
function parseInside(element: Element, html: string): Element {
  const inert = document.implementation.createHTMLDocument("");
  // A shallow copy, so that HTML is parsed as what it will be: in a <tbody>, a <select>, an <svg>.
  const wanted = inert.importNode(element, false);
  wanted.innerHTML = html;
  return wanted;
}

/** One update of one element's content. */
class ContentMorph implements Alignment {
  readonly byId: ReadonlyMap<string, Element>;
  /** The first element that asks for the focus, in the order of the update. */
  asking: HTMLElement | undefined;
  readonly #root: Element;
  /** Nodes that came whole from the new HTML: there is nothing to update in them. */
  readonly #new = new WeakSet<Node>();

  constructor(root: Element) {
    this.#root = root;
    this.byId = elementsById(root);
  }

  run(wanted: Element): void {
    alignChildren(this.#root, wanted, this);
    morphdom(this.#root, wanted, {
      childrenOnly: true,
      onBeforeElUpdated: (live, wanted) => this.#updates(live, wanted),
      onBeforeElChildrenUpdated: (live, wanted) => {
        // The text of a <textarea> is morphdom's, together with its value.
        if (!(live instanceof HTMLTextAreaElement)) alignChildren(live, wanted, this);
        return true;
      },
    });
  }

  // Alignment

  isPermanent(element: Element): boolean {
    return element.hasAttribute(ATTRIBUTES.permanent);
  }

  added(node: Node): void {
    this.#new.add(node);
    if (!(node instanceof HTMLElement)) return;
    const asking = node.autofocus ? node : node.querySelector<HTMLElement>("[autofocus]");
    if (asking !== null) this.asking ??= asking;
  }

  /** False tells morphdom that there is nothing left to do, here and below. */
  #updates(live: Element, wanted: Element): boolean {
    // Equal markup says nothing new, so whatever the visitor made of it stands.
    if (this.#new.has(live) || this.isPermanent(live) || live.isEqualNode(wanted)) return false;
    if (live instanceof HTMLElement && wanted instanceof HTMLElement && wanted.autofocus && !live.autofocus) {
      this.asking ??= live;
    }
    if (live instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
      updateSelect(live, wanted);
      return false;
    }
    keepTyping(live, wanted);
    return true;
  }
}
