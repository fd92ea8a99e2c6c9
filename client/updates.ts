import type { Update } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { rememberFocus, restoreFocus } from "./focus.ts";
import { ForeignNodes } from "./foreign-nodes.ts";
import { morphContent } from "./morph.ts";
import { MisfitError, Patcher } from "./patch.ts";
import { decodeText } from "./text.ts";

type UpdateAs<Name extends Update[0]> = Extract<Update, readonly [Name, ...unknown[]]>;

/** Does one kind of update; returns the element that asks for the focus, if one does. */
type Apply<Name extends Update[0]> = (update: UpdateAs<Name>) => HTMLElement | undefined;

/** Applies what the server sends to one document. */
export class Updater {
  readonly #document: Document;
  readonly #foreign: ForeignNodes;
  readonly #patcher: Patcher;
  readonly #kinds: { readonly [Name in Update[0]]: Apply<Name> } = {
    page: ([, html, title]) => {
      if (title !== undefined) this.#setTitle(title);
      this.#foreign.mended();
      return morphContent(this.#document.body, html, this.#foreign);
    },
    patch: ([, patch]) => this.#patcher.apply(patch),
    title: ([, html]) => this.#setTitle(html),
    inner: ([, selector, html]) => this.#morphAll(selector, html),
    visit: ([, url]) => this.#visit(url),
  };

  constructor(document: Document) {
    this.#document = document;
    this.#foreign = new ForeignNodes(document);
    this.#patcher = new Patcher(document, this.#foreign);
  }

  /**
   * Applies the updates of one frame in order, then gives the focus back, or to an element that asks for it.
   * Throws `MisfitError` when a patch does not fit the page.
   */
  apply(updates: readonly Update[]): void {
    if (updates.length > 0) this.#foreign.ignoring(() => this.#applyAll(updates));
  }

  #applyAll(updates: readonly Update[]): void {
    const focus = rememberFocus(this.#document);
    const asking = updates.map((update) => this.#apply(update)).find((element) => element?.isConnected);
    if (asking !== undefined) asking.focus();
    else restoreFocus(this.#document, focus);
  }

  #apply(update: Update): HTMLElement | undefined {
    const apply = Object.hasOwn(this.#kinds, update[0]) ? this.#kinds[update[0]] : undefined;
    if (apply === undefined) {
      console.error(`edge-reflex: this client does not know the update ${JSON.stringify(update[0])}`);
      return undefined;
    }
    try {
      // The table is total by kind; the compiler cannot see that what is found by a kind takes that kind.
      return (apply as Apply<Update[0]>)(update);
    } catch (error) {
      if (error instanceof MisfitError) throw error;
      // A selector that this browser does not know, say: the other updates go on.
      console.error(`edge-reflex: the update ${JSON.stringify(update[0])} failed`, error);
      return undefined;
    }
  }

  #visit(url: string): undefined {
    const { protocol, href } = new URL(url, this.#document.baseURI);
    if (protocol === "https:" || protocol === "http:") this.#document.defaultView?.location.assign(href);
  }

  #setTitle(html: string): undefined {
    this.#document.title = decodeText(this.#document, html);
  }

  #morphAll(selector: string, html: string): HTMLElement | undefined {
    const all = Array.from(this.#document.querySelectorAll(selector));
    const elements = all.filter((element) => element.closest(`[${ATTRIBUTES.permanent}]`) === null);
    if (all.length === 0) console.warn(`edge-reflex: no element matches ${selector}, so it was not updated`);
    const asking = elements.map((element) => morphContent(element, html, this.#foreign));
    return asking.find((element) => element !== undefined);
  }
}
