import { ATTRIBUTES } from "../src/protocol/names.ts";
import {
  ATTRIBUTE_EDIT,
  CONTENT_EDIT,
  type Edit,
  type FragmentPatch,
  LIST_EDIT,
  type Patch,
  type Placement,
  REPLACE_EDIT,
} from "../src/protocol/patch.ts";
import { moveNode } from "./align.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { morphContent } from "./morph.ts";
import { setAttribute, setText } from "./text.ts";

/** A patch that does not fit the page: its fragment or element is not there. The page has to be asked for as a whole. */
export class MisfitError extends Error {
  override readonly name = "MisfitError";

  constructor(address: string, path: string) {
    super(`The page has no element for the patch at ${JSON.stringify(address)}, ${JSON.stringify(path)}`);
  }
}

/**
 * Applies patches to one document, and remembers where fragments are: the first patch of a fragment looks for it,
 * later ones have it at hand.
 */
export class Patcher {
  readonly #document: Document;
  readonly #foreign: ForeignNodes;
  readonly #fragments = new Map<string, Element>();

  constructor(document: Document, foreign: ForeignNodes) {
    this.#document = document;
    this.#foreign = foreign;
  }

  /**
   * Changes what the patch names and touches no other node.
   * Throws {@link MisfitError} when the page is not what the patch was made for.
   *
   * @returns the element that asks for the focus, if one does
   */
  apply(patch: Patch): HTMLElement | undefined {
    let asking: HTMLElement | undefined;
    for (const [address, ...edits] of patch satisfies readonly FragmentPatch[]) {
      for (const edit of edits) asking = this.#edit(address, edit) ?? asking;
    }
    return asking;
  }

  #edit(address: string, edit: Edit): HTMLElement | undefined {
    if (edit.length === 2) return void setText(this.#element(address, edit[0]), edit[1]);
    switch (edit[1]) {
      case ATTRIBUTE_EDIT:
        return void setAttribute(this.#element(address, edit[0]), edit[2], edit[3]);
      case CONTENT_EDIT:
        return morphContent(this.#element(address, edit[0]), edit[2], this.#foreign);
      case REPLACE_EDIT:
        return this.#replace(this.#fragment(address), edit[2]);
      case LIST_EDIT:
        return this.#list(address, edit[2], edit[3]);
    }
  }

  #fragment(address: string): Element {
    if (address === "") return this.#document.body;
    const element = this.#find(address);
    if (element === undefined) throw new MisfitError(address, "");
    return element;
  }

  #find(address: string): Element | undefined {
    const known = this.#fragments.get(address);
    if (known?.isConnected && known.getAttribute(ATTRIBUTES.address) === address) return known;
    const found =
      this.#document.querySelector(`[${ATTRIBUTES.address}="${CSS.escape(address)}"]`) ?? undefined;
    if (found === undefined) this.#fragments.delete(address);
    else this.#fragments.set(address, found);
    return found;
  }

  #element(address: string, path: string): Element {
    let element: Element | undefined = this.#fragment(address);
    for (const index of path === "" ? [] : path.split(".")) {
      element = element && this.#foreign.childAt(element, Number(index));
    }
    if (element === undefined) throw new MisfitError(address, path);
    return element;
  }

  #replace(old: Element, html: string): HTMLElement | undefined {
    const fresh = this.#create(old, html);
    old.replaceWith(fresh);
    return askingIn(fresh);
  }

  /** Places first and removes afterwards, since an item that goes may be all that tells where the list is. */
  #list(list: string, removed: readonly string[], placed: readonly Placement[]): HTMLElement | undefined {
    const itemOf = (key: string) => this.#fragment(`${list}:${key}`);
    let asking: HTMLElement | undefined;
    for (const [key, before, after, html] of placed) {
      const [neighbour, isBehind] = before === null ? [after ?? removed.at(-1) ?? "", true] : [before, false];
      const anchor = itemOf(neighbour);
      const item = html === undefined ? itemOf(key) : this.#create(anchor, html);
      if (anchor.parentElement === null) throw new MisfitError(list, key);
      moveNode(anchor.parentElement, item, isBehind ? anchor.nextSibling : anchor);
      if (html !== undefined) asking = askingIn(item) ?? asking;
    }
    for (const key of removed) itemOf(key).remove();
    return asking;
  }

  /** Parsed as what it will be, next to `neighbour`: a table's row, a select's option, a shape of a drawing. */
  #create(neighbour: Element, html: string): Element {
    const parent = neighbour.parentElement ?? this.#document.body;
    const inert = this.#document.implementation.createHTMLDocument("");
    const context = inert.importNode(parent, false);
    context.innerHTML = html;
    const element = context.firstElementChild;
    if (element === null) throw new MisfitError(neighbour.getAttribute(ATTRIBUTES.address) ?? "", html);
    return element;
  }
}

function askingIn(element: Element): HTMLElement | undefined {
  if (element instanceof HTMLElement && element.autofocus) return element;
  return element.querySelector<HTMLElement>("[autofocus]") ?? undefined;
}
