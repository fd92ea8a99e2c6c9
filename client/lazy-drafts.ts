import { formOf } from "./forms.ts";
import type { LoadFile } from "./lazy-files.ts";
import type { PageStorage } from "./pending-calls.ts";

/** What tells that a visitor uses a control. */
const USE = ["focusin", "input", "change"];

/** What tells that a form was submitted as it is, and, but for the first, that it is not so any more. */
const SENDING = ["submit", "input", "reflex:error", "reflex:halted", "reflex:forbidden", "reflex:cancelled"];

/**
 * Keeps drafts: what was typed comes back at once, what is typed is kept from when a control is first used. Which forms are
 * submitted is heard here and from the start, since that may happen before the rest is loaded. Called once.
 *
 * @param storage where what is typed outlives the page
 */
export function keepDrafts(document: Document, load: LoadFile, storage: PageStorage): void {
  const submitted = new WeakSet<Element>();
  let isStarted = false;
  const start = () => {
    if (isStarted) return;
    isStarted = true;
    load("drafts").then(
      ({ Drafts }) => new Drafts(document, storage, submitted).start(),
      (error) => {
        console.error(error);
        isStarted = false;
      },
    );
  };
  for (const type of USE) document.addEventListener(type, start, true);
  for (const type of SENDING)
    document.addEventListener(type, ({ target }) => {
      const form = target instanceof Element && formOf(target);
      if (form) submitted[type === "submit" ? "add" : "delete"](form);
    });
  if (storage.read() !== null) start();
}
