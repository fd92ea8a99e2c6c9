import morphdom from "morphdom";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { type Alignment, alignChildren, elementsByName, isPermanent, rescueInto } from "./align.ts";
import { updateSelect, updateTextArea } from "./control-morphs.ts";
import { replaceAttributes, updateInput } from "./controls.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { askingIn, elementAt, parseInside } from "./nodes.ts";

/** Knows what the server did not put into the page. */
type Foreign = Pick<ForeignNodes, "isForeign">;

/** In a `<select>` and in tables too, `<template>` is an element that the parser leaves where it is. */
const PLACEHOLDERS = `template[${ATTRIBUTES.address}], template[${ATTRIBUTES.list}]`;

/**
 * Brings what is inside an element to the given HTML, changing as little as possible: elements keep their
 * identity by id, by address and by place. Permanent elements, and what the visitor typed or chose, stay as they are.
 *
 * @param element the element itself keeps its attributes
 * @param html parsed in the element's own context, so that table rows and options parse as such
 * @param foreign elements that it knows are not the server's, and never become so
 * @returns the element that asks for the focus: the first that came, or was given, an `autofocus`
 */
export function morphContent(element: Element, html: string, foreign: Foreign): HTMLElement | undefined {
  const morph = new ContentMorph(element, foreign);
  morph.run(parseInside(element, html));
  return morph.asking;
}

/**
 * Brings an element to the first one of the given HTML, its attributes and all that is in it. One of another kind takes its place;
 * without one, nothing happens.
 *
 * @returns the element that asks for the focus, if one does
 */
export function morphWhole(element: Element, html: string, foreign: Foreign): HTMLElement | undefined {
  const wanted = parseInside(element.parentElement ?? element, html).firstElementChild;
  if (wanted === null) return undefined;
  if (wanted.nodeName !== element.nodeName) return replaceElement(element, wanted, foreign);
  const morph = new ContentMorph(element, foreign);
  morph.runWhole(wanted);
  return morph.asking;
}

/**
 * Puts a new element into the place of another. What has a name in both moves over: nothing typed into it is lost, and
 * what is permanent stays as it is.
 *
 * @returns the element that asks for the focus, if one does
 */
export function replaceElement(old: Element, fresh: Element, foreign: Foreign): HTMLElement | undefined {
  const morph = new ContentMorph(old, foreign);
  morph.replaceBy(fresh);
  return morph.asking;
}

/**
 * One update of one element's content, in two passes: first the page's nodes are put where the new HTML has their
 * counterparts, new ones between them; then morphdom, finding two trees of one shape, brings each to its own.
 */
class ContentMorph implements Alignment {
  readonly byName: ReadonlyMap<string, Element>;
  /** The first element that asks for the focus, in the order of the update. */
  asking: HTMLElement | undefined;
  readonly #root: Element;
  readonly #foreign: Foreign;
  /** Nodes that came whole from the new HTML, and nodes that stay as they are: nothing is to be updated in them. */
  readonly #done = new WeakSet<Node>();
  /** What stands in new content for a fragment of the page that stays. */
  readonly #standIns = new Map<Node, Element>();
  /** The node of the new HTML that a node of the page stands for. */
  readonly #counterparts = new Map<Node, Node>();
  /** The elements whose children were aligned, with their counterparts, outermost first. */
  readonly #aligned: (readonly [live: Element, wanted: Element])[] = [];
  readonly #unwanted = new Map<Node, Node | null>();
  readonly #rescued: (readonly [live: Element, wanted: Element])[] = [];

  constructor(root: Element, foreign: Foreign) {
    this.#root = root;
    this.#foreign = foreign;
    this.byName = elementsByName(root);
  }

  run(wanted: Element): void {
    this.#expandPlaceholders(wanted);
    if (this.#root instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement) {
      return updateSelect(this.#root, wanted, () => this.#takeOver(wanted));
    }
    this.#align(this.#root, wanted);
    this.#finish();
    this.#morph(this.#root, wanted, true);
    this.#morphRescued();
  }

  /** The same with the attributes of the root, which is of one kind with the new one. */
  runWhole(wanted: Element): void {
    this.claimed(this.#root, wanted);
    if (this.#updateControl(this.#root, wanted)) return;
    this.#align(this.#root, wanted);
    this.#finish();
    this.#morph(this.#root, wanted, false);
    this.#morphRescued();
  }

  replaceBy(fresh: Element): void {
    this.#root.before(fresh);
    this.added(fresh);
    rescueInto(fresh, this);
    this.#finish();
    this.#morphRescued();
    this.#root.remove();
  }

  /** All is where it belongs: what is left over goes, and the new tree gets the shape of the page's. */
  #finish(): void {
    for (const [node, parent] of this.#unwanted) {
      // What was wanted somewhere else has been moved there.
      if (node.parentNode === parent && !this.#counterparts.has(node)) parent?.removeChild(node);
    }
    for (const [live, wanted] of this.#aligned) this.#mirror(live, wanted);
  }

  #morphRescued(): void {
    for (const [live, wanted] of this.#rescued) this.#morph(live, wanted, false);
  }

  // Alignment

  isForeign(node: Node): boolean {
    return this.#foreign.isForeign(node);
  }

  isTaken(node: Node): boolean {
    return this.#counterparts.has(node);
  }

  claimed(live: Node, wanted: Node): void {
    this.#counterparts.set(live, wanted);
  }

  paired(live: Node, wanted: Node): void {
    if (live instanceof Element && wanted instanceof Element && this.#reaches(live, wanted)) {
      this.#align(live, wanted);
    }
  }

  added(node: Node): void {
    this.#done.add(node);
    this.asking ??= askingIn(node);
  }

  unwanted(node: Node): void {
    this.#unwanted.set(node, node.parentNode);
  }

  rescued(element: Element, wanted: Element): void {
    this.#rescued.push([element, wanted]);
    this.claimed(element, wanted);
    this.paired(element, wanted);
  }

  #align(live: Element, wanted: Element): void {
    this.#aligned.push([live, wanted]);
    alignChildren(live, wanted, this);
  }

  /** Gives the new tree the shape that the page has by now: nodes that stay anyway have counterparts that say nothing. */
  #mirror(live: Element, wanted: Element): void {
    const counterparts = Array.from(
      live.childNodes,
      (node) => this.#counterparts.get(node) ?? node.cloneNode(false),
    );
    wanted.replaceChildren(...counterparts);
  }

  #morph(live: Element, wanted: Element, childrenOnly: boolean): void {
    morphdom(live, wanted, {
      childrenOnly,
      // The two trees have one shape, so nothing is to be found by a key; its own way takes a form's field "id" for one.
      getNodeKey: () => undefined,
      onBeforeElUpdated: (live, wanted) => this.#updates(live, wanted),
    });
  }

  /** Puts for every placeholder a stand-in of what stays in the page: enough to pair with it, and nothing to change. */
  #expandPlaceholders(wanted: Element): void {
    for (const template of wanted.querySelectorAll<HTMLTemplateElement>(PLACEHOLDERS)) {
      const list = template.getAttribute(ATTRIBUTES.list);
      const staying = list === null ? [this.#fragment(template)] : this.#itemsOf(list);
      const present = staying.filter((element) => element !== undefined);
      template.replaceWith(...present.map((element) => this.#standIn(element)));
    }
  }

  #fragment(placeholder: Element): Element | undefined {
    const address = placeholder.getAttribute(ATTRIBUTES.address) ?? "";
    return elementAt(this.#root, address);
  }

  /** The items of a keyed list, in their order. */
  #itemsOf(list: string): readonly Element[] {
    const items = this.#root.querySelectorAll(`[${ATTRIBUTES.address}^="${CSS.escape(list)}:"]`);
    return Array.from(items).filter(
      (item) => !item.getAttribute(ATTRIBUTES.address)?.includes(".", list.length),
    );
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

  /** True when an update goes on inside the element. Asked once for each, before anything in it is aligned. */
  #reaches(live: Element, wanted: Element): boolean {
    const staysAsItIs = this.#done.has(live) || isPermanent(live) || isBeingWritten(live);
    // Equal markup says nothing new, so whatever the visitor made of it stands.
    if (!staysAsItIs && !live.isEqualNode(wanted)) return !isControl(live);
    this.#done.add(live);
    return false;
  }

  /** False tells morphdom that there is nothing left to do, here and below. */
  #updates(live: Element, wanted: Element): boolean {
    if (this.#done.has(live) || !this.#counterparts.has(live)) return false;
    if (live instanceof HTMLElement && wanted instanceof HTMLElement && wanted.autofocus && !live.autofocus) {
      this.asking ??= live;
    }
    return !this.#updateControl(live, wanted) && keepOpen(live, wanted);
  }

  /** True when the element is a form control, and done with. */
  #updateControl(live: Element, wanted: Element): boolean {
    if (live instanceof HTMLInputElement && wanted instanceof HTMLInputElement) updateInput(live, wanted);
    else if (live instanceof HTMLTextAreaElement && wanted instanceof HTMLTextAreaElement)
      updateTextArea(live, wanted);
    else if (live instanceof HTMLSelectElement && wanted instanceof HTMLSelectElement)
      updateSelect(live, wanted, () => this.#takeOver(wanted));
    else if (live instanceof HTMLOptionElement && wanted instanceof HTMLOptionElement) {
      replaceAttributes(live, wanted);
      live.textContent = wanted.textContent;
    } else return false;
    return true;
  }
}

/** Controls are brought to their counterparts as a whole. */
function isControl(element: Element): boolean {
  return element.matches("input, textarea, select, option");
}

/** A rich text that has the focus is the visitor's, as a focused input is. */
function isBeingWritten(element: Element): boolean {
  return (
    element instanceof HTMLElement && element.isContentEditable && element.matches(":focus, :focus-within")
  );
}

/** What a visitor opened changes the attribute itself, so the server's last word on it is not known. Always true. */
function keepOpen(live: Element, wanted: Element): boolean {
  const isModal = live instanceof HTMLDialogElement && live.matches(":modal");
  if (live instanceof HTMLDetailsElement || isModal)
    wanted.toggleAttribute("open", live.hasAttribute("open"));
  return true;
}
