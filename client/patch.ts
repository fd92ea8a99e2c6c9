import { ATTRIBUTES } from "../src/protocol/names.ts";
import {
  type ContentEdit,
  type Edit,
  type FragmentPatch,
  LIST_EDIT,
  type Placement,
  REPLACE_EDIT,
  type ReplaceEdit,
  type RestoreEdit,
  WHOLE_EDIT,
  type WholeEdit,
} from "../src/protocol/patch.ts";
import {
  baseOf,
  outsideOf,
  type TemplatePiece,
  type WireView,
  writeWireView,
} from "../src/protocol/wire-view.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { morphContent, morphWhole, replaceElement } from "./morph.ts";
import { APART, askingIn, elementAt, isInPermanent, LEFT_OUT, moveNode, parseInside } from "./nodes.ts";
import { setAttribute, setText } from "./text.ts";

/** A patch does not fit the page: its fragment or element is not there. */
class MisfitError extends Error {}

type WholeView = ReplaceEdit | RestoreEdit | WholeEdit;

/** Told of a patch that does not fit: by the address of the smallest thing around it, empty for the page. */
export type MisfitListener = (address: string) => void;

/**
 * Applies patches to one document, and remembers where its fragments are.
 */
export class Patcher {
  readonly #document: Document;
  readonly #foreign: ForeignNodes;
  readonly #misfit: MisfitListener;
  readonly #fragments = new Map<string, Element>();
  /** How many are remembered before all are looked for anew; at first, at once: one look at a page costs what few searches do. */
  #room = 0;
  readonly #templates = new Map<string, readonly TemplatePiece[]>();

  constructor(document: Document, foreign: ForeignNodes, misfit: MisfitListener) {
    this.#document = document;
    this.#foreign = foreign;
    this.#misfit = misfit;
  }

  /** Remembers a template that later views name. */
  learn(name: string, pieces: readonly TemplatePiece[]): void {
    this.#templates.set(name, pieces);
  }

  /**
   * Changes what the patch names and touches no other node. An edit that does not fit is told, and the others go on.
   *
   * @returns the element that asks for the focus, if one does
   */
  apply([address, ...edits]: FragmentPatch): HTMLElement | undefined {
    let asking: HTMLElement | undefined;
    for (const edit of edits) {
      try {
        asking = this.#edit(address, edit) ?? asking;
      } catch (error) {
        if (!(error instanceof MisfitError)) throw error;
        let enclosing = address;
        while (enclosing !== "" && this.#find(enclosing) === undefined) enclosing = outsideOf(enclosing);
        if (!isApart(this.#find(enclosing))) this.#misfit(enclosing);
      }
    }
    return asking;
  }

  #edit(address: string, edit: Edit): HTMLElement | undefined {
    if (edit[0] === LIST_EDIT) return this.#list(address, edit[1], edit[2]);
    const element = typeof edit[0] === "number" ? this.#fragment(address) : this.#element(address, edit[0]);
    if (isInPermanent(element) || isApart(isOfWhole(edit) ? element.parentElement : element))
      return undefined;
    if (typeof edit[0] === "number") return this.#bring(element, address, edit as WholeView);
    if (typeof edit[1] !== "string") {
      const [, content, suffix = ""] = edit as ContentEdit;
      return morphContent(element, this.#write(content, baseOf(withoutId(address)) + suffix), this.#foreign);
    }
    if (edit.length === 2) setText(element, edit[1]);
    else setAttribute(element, edit[1], edit[2] ?? null);
    return undefined;
  }

  #write(view: WireView, base: string): string {
    return writeWireView(view, base, this.#templates);
  }

  #fragment(address: string): Element {
    const element = address === "" ? this.#document.body : this.#find(address);
    if (element === undefined) throw new MisfitError(address);
    return element;
  }

  #find(address: string): Element | undefined {
    const known = this.#fragments.get(address);
    if (known?.isConnected && known.getAttribute(ATTRIBUTES.address) === address) return known;
    if (this.#fragments.size < this.#room) {
      const found = elementAt(this.#document, address);
      if (found !== undefined) this.#fragments.set(address, found);
      return found;
    }
    this.#fragments.clear();
    for (const element of this.#document.querySelectorAll(`[${ATTRIBUTES.address}]`))
      this.#fragments.set(element.getAttribute(ATTRIBUTES.address) ?? "", element);
    // What comes and goes is not kept in memory for good.
    this.#room = 2 * this.#fragments.size + 99;
    return this.#fragments.get(address);
  }

  #element(address: string, path: string): Element {
    const fragment = withoutId(address);
    let element: Element | undefined = this.#fragment(fragment);
    if (fragment !== address) {
      const id = CSS.escape(address.slice(fragment.length + 1));
      const found = element.querySelectorAll(`[id="${id}"]`);
      // An id that is there twice tells nobody which is meant.
      element = found.length === 1 ? found[0] : undefined;
    }
    for (const index of path === "" ? [] : path.split(".")) {
      element = element && this.#foreign.childAt(element, Number(index));
    }
    if (element === undefined) throw new MisfitError(address);
    return element;
  }

  /** A whole fragment, as something new or as what it is. */
  #bring(element: Element, address: string, [kind, view]: WholeView): HTMLElement | undefined {
    if (kind !== REPLACE_EDIT) this.#foreign.mended(element);
    if (kind === WHOLE_EDIT) return morphWhole(element, this.#write(view, address), this.#foreign);
    const fresh = this.#create(element, address, view);
    if (kind === REPLACE_EDIT) return replaceElement(element, fresh, this.#foreign);
    // Attributes are left alone: what is not the server's among them is meant to be there.
    return morphContent(element, fresh.innerHTML, this.#foreign);
  }

  /** Places first and removes afterwards, since an item that goes may be all that tells where the list is. */
  #list(list: string, removed: readonly string[], placed: readonly Placement[]): HTMLElement | undefined {
    const itemOf = (key: string) => this.#fragment(`${list}:${key}`);
    let asking: HTMLElement | undefined;
    for (const [key, place, view] of placed) {
      const isBefore = typeof place === "string";
      const anchor = itemOf(isBefore ? place : (place[0] ?? removed.at(-1) ?? ""));
      const item = view === undefined ? itemOf(key) : this.#create(anchor, `${list}:${key}`, view);
      if (anchor.parentElement === null) throw new MisfitError(list);
      if (isApart(anchor.parentElement)) return asking;
      moveNode(anchor.parentElement, item, isBefore ? anchor : anchor.nextSibling);
      if (view !== undefined) asking = askingIn(item) ?? asking;
    }
    for (const key of removed) {
      const item = itemOf(key);
      if (!isApart(item.parentElement)) item.remove();
    }
    return asking;
  }

  /** What stands next to `neighbour`. */
  #create(neighbour: Element, address: string, view: WireView): Element {
    const parent = neighbour.parentElement ?? this.#document.body;
    const element = parseInside(parent, this.#write(view, address)).firstElementChild;
    if (element === null) throw new MisfitError(address);
    return element;
  }
}

/** True for what looks for its content by itself, or is in such an element: that is told so, and does. */
function isApart(element: Element | null | undefined): boolean {
  return element?.closest(`[${APART}]`)?.dispatchEvent(new Event(LEFT_OUT)) === true;
}

/** True for an edit that does not look at what is in its element. */
function isOfWhole([kind, name, value]: Edit): boolean {
  const isAttribute = typeof name === "string" && value !== undefined;
  return kind === REPLACE_EDIT || kind === WHOLE_EDIT || isAttribute;
}

/** Of the address of an element with an id, that of the fragment which it is in. */
function withoutId(address: string): string {
  return address.replace(/#.*/s, "");
}
