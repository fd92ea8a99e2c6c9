import { ForeignNodes } from "../../../client/foreign-nodes.ts";
import { Updater } from "../../../client/updates.ts";

// Runs in Chromium; test/browser/morph-cases.test.ts bundles it and calls what it leaves in `window`.

const updater = new Updater(document, new ForeignNodes(document), {
  misfit: () => {},
  moved: () => {},
  load: () => Promise.reject(new Error("There is nothing to load here")),
});
const events: string[] = [];

for (const type of ["blur", "load"]) {
  document.addEventListener(type, (event) => events.push(`${type} ${(event.target as Element).id}`), true);
}

Object.assign(window, {
  events,
  /** The page as it was before, all of it new. */
  show(html: string): void {
    updater.apply([
      ["page", ""],
      ["page", html],
    ]);
    events.length = 0;
  },
  update(html: string): void {
    updater.apply([["page", html]]);
  },
  inner(selector: string, html: string): void {
    updater.apply([["inner", selector, html]]);
  },
});
