import type { Update } from "../src/protocol/messages.ts";
import { rememberFocus, restoreFocus } from "./focus.ts";
import { morphContent } from "./morph.ts";

type UpdateOf<Kind extends Update[0]> = Extract<Update, readonly [Kind, ...unknown[]]>;

/** Does one kind of update; returns the element that asks for the focus, if one does. */
type Apply<Kind extends Update[0]> = (document: Document, update: UpdateOf<Kind>) => HTMLElement | undefined;

const APPLY: { readonly [Kind in Update[0]]: Apply<Kind> } = {
  page: (document, [, html, title]) => {
    if (title !== undefined) document.title = textOf(title);
    return morphContent(document.body, html);
  },
  inner: (document, [, selector, html]) => {
    const elements = document.querySelectorAll(selector);
    if (elements.length === 0)
      console.warn(`edge-reflex: no element matches ${selector}, so it was not updated`);
    return Array.from(elements, (element) => morphContent(element, html)).find(
      (asking) => asking !== undefined,
    );
  },
  visit: (document, [, url]) => {
    document.defaultView?.location.assign(url);
    return undefined;
  },
};

/** Applies the updates of one reply in order, then gives the focus back, or to an element that asks for it. */
export function applyUpdates(document: Document, updates: readonly Update[]): void {
  const focus = rememberFocus(document);
  const asking = updates.map((update) => apply(document, update)).find((element) => element?.isConnected);
  if (asking !== undefined) asking.focus();
  else restoreFocus(document, focus);
}

function apply(document: Document, update: Update): HTMLElement | undefined {
  const handler = Object.hasOwn(APPLY, update[0]) ? APPLY[update[0]] : undefined;
  if (handler === undefined) {
    console.error(`edge-reflex: this client does not know the update ${JSON.stringify(update[0])}`);
    return undefined;
  }
  // The table is total by kind; the compiler cannot see that the handler found by a kind takes that kind.
  return (handler as Apply<Update[0]>)(document, update);
}

/** Decodes HTML text the way a <title> does, where markup has no meaning. */
function textOf(html: string): string {
  const decoder = document.createElement("textarea");
  decoder.innerHTML = html;
  return decoder.value;
}
