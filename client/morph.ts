import morphdom from "morphdom";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { type Alignment, alignChildren, elementsByName, nameOf } from "./align.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { keepTyping, updateSelect } from "./keep-typing.ts";

/** In a `<select>` and in tables too, `<template>` is an element that the parser leaves where it is. */
const PLACEHOLDERS = `template[${ATTRIBUTES.address}], template[${ATTRIBUTES.list}]`;

/**
 * Brings what is inside an element to the given HTML, changing as little as possible: elements keep their
 * identity by id and by place. Permanent elements, and what the visitor typed or chose, are left as they are.
 *
 * @param element the element itself keeps its attributes
 * @param html parsed in the element's own context, so that table rows and options parse as such
 * @param foreign elements that it knows are not the server's, and never become so
 * @returns the element that asks for the focus: the first that came, or was given, an `autofocus`
 */
export function morphContent(element: Element, html: string, foreign: ForeignNodes): HTMLElement | undefined {
  const wanted = parseInside(element, html);
  const morph = new ContentMorph(element, foreign);
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
  readonly byName: ReadonlyMap<string, Element>;
  /** The first element that asks for the focus, in the order of the update. */
  asking: HTMLElement | undefined;
  readonly #root: Element;
  readonly #foreign: ForeignNodes;
  /** Nodes that came whole from the new HTML, and fragments that stay as they are: nothing is to be updated in them. */
  readonly #done = new WeakSet<Node>();
  /** What stands in new content for a fragment of the page that stays. */
  readonly #standIns = new Map<Node, Element>();

  constructor(root: Element, foreign: ForeignNodes) {
    this.#root = root;
    this.#foreign = foreign;
    this.byName = elementsByName(root);
  }

  run(wanted: Element): void {
    this.#expandPlaceholders(wanted);
    if (this.#root instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
      return updateSelect(this.#root, wanted, () => this.#takeOver(wanted));
    }
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

  isForeign(node: Node): boolean {
    return this.#foreign.isForeign(node);
  }

  added(node: Node): void {
    this.#done.add(node);
    if (!(node instanceof HTMLElement)) return;
    const asking = node.autofocus ? node : node.querySelector<HTMLElement>("[autofocus]");
    if (asking !== null) this.asking ??= asking;
  }

  /** Puts for every placeholder a stand-in of what stays in the page: enough to pair with it, and nothing to change. */
  #expandPlaceholders(wanted: Element): void {
    for (const template of wanted.querySelectorAll<HTMLTemplateElement>(PLACEHOLDERS)) {
      const list = template.getAttribute(ATTRIBUTES.list);
      const staying = list === null ? [this.byName.get(nameOf(template))] : this.#itemsOf(list);
      const present = staying.filter((element) => element !== undefined);
      template.replaceWith(...present.map((element) => this.#standIn(element)));
    }
  }

  #standIn(element: Element): Node {
    this.#done.add(element);
    const standIn = element.cloneNode(false);
    this.#standIns.set(standIn, element);
    return standIn;
  }

  /** Puts what stays into the place of its stand-ins. */
  #takeOver(wanted: Element): void {
    for (const [standIn, element] of this.#standIns) {
      if (wanted.contains(standIn)) standIn.parentNode?.replaceChild(element, standIn);
    }
  }

  /** The items of a keyed list, in their order. */
  #itemsOf(list: string): readonly Element[] {
    const items = this.#root.querySelectorAll(`[${ATTRIBUTES.address}^="${CSS.escape(list)}:"]`);
    return Array.from(items).filter(
      (item) => !item.getAttribute(ATTRIBUTES.address)?.includes(".", list.length),
    );
  }

  /** False tells morphdom that there is nothing left to do, here and below. */
  #updates(live: Element, wanted: Element): boolean {
    // Equal markup says nothing new, so whatever the visitor made of it stands.
    if (this.#done.has(live) || this.isPermanent(live) || live.isEqualNode(wanted)) return false;
    if (live instanceof HTMLElement && wanted instanceof HTMLElement && wanted.autofocus && !live.autofocus) {
      this.asking ??= live;
    }
    if (live instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
      updateSelect(live, wanted, () => this.#takeOver(wanted));
      return false;
    }
    keepTyping(live, wanted);
    return true;
  }
}
