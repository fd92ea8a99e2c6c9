import fc from "fast-check";
import { ForeignNodes } from "../../../client/foreign-nodes.ts";
import { morphContent } from "../../../client/morph.ts";
import { Patcher } from "../../../client/patch.ts";
import { diffPages } from "../../../src/diff/diff.ts";
import { renderPage } from "../../../src/render/render.ts";
import type { View } from "../../../src/render/view.ts";
import { page } from "./pages.ts";

// Runs in Chromium; test/browser/patch-laws.test.ts bundles it and calls what it leaves in `window`.

/** One for all runs: each has an observer of its own, which nobody stops. */
const foreign = new ForeignNodes(document);

/** The body that the browser makes of a fresh render. */
function freshBody(view: View): HTMLElement {
  const { html, marks } = renderPage(view);
  const fresh = document.implementation.createHTMLDocument("");
  fresh.body.innerHTML = html.slice(marks.bodyStart, marks.bodyEnd);
  return fresh.body;
}

function check([first, ...rest]: readonly View[]): void {
  if (first === undefined) return;
  foreign.ignoring(() => {
    // Not by way of text, which forgets a line break that begins a textarea.
    document.body.replaceChildren(...freshBody(first).childNodes);
  });
  const patcher = new Patcher(document, foreign);
  let shown = first;
  for (const view of rest) {
    const patch = diffPages(shown, view);
    if (patch === undefined) throw new Error("One layout, and yet no patch");
    const before = document.body.innerHTML;
    // As it travels.
    foreign.ignoring(() => patcher.apply(JSON.parse(JSON.stringify(patch))));
    const wanted = freshBody(view);
    if (!document.body.isEqualNode(wanted)) {
      const told = { before, patch, after: document.body.innerHTML, wanted: wanted.innerHTML };
      throw new Error(`The patched page differs from a fresh one: ${JSON.stringify(told, null, 1)}`);
    }
    shown = view;
  }
}

/** What a tab gets whose page is not known: the whole body, to be morphed. */
function checkMorph([first, ...rest]: readonly View[]): void {
  if (first === undefined) return;
  foreign.ignoring(() => document.body.replaceChildren(...freshBody(first).childNodes));
  for (const view of rest) {
    const before = document.body.innerHTML;
    const { html, marks } = renderPage(view);
    const body = html.slice(marks.bodyStart, marks.bodyEnd);
    foreign.ignoring(() => morphContent(document.body, body, foreign));
    const wanted = freshBody(view);
    if (!document.body.isEqualNode(wanted)) {
      const told = { before, after: document.body.innerHTML, wanted: wanted.innerHTML };
      throw new Error(`The morphed page differs from a fresh one: ${JSON.stringify(told, null, 1)}`);
    }
  }
}

Object.assign(window, {
  checkMorphs(numRuns: number, seed: number): void {
    const pages = fc.array(page, { minLength: 2, maxLength: 4 });
    fc.assert(fc.property(pages, checkMorph), { numRuns, seed });
  },
  checkPatches(numRuns: number, seed: number): void {
    fc.assert(fc.property(fc.array(page, { minLength: 2, maxLength: 4 }), check), {
      numRuns,
      seed,
      endOnFailure: false,
    });
  },
  checkEqual(numRuns: number, seed: number): void {
    const twice = fc.clone(page, 2);
    fc.assert(
      fc.property(twice, ([left, right]) => {
        const patch = diffPages(left, right);
        if (patch?.length !== 0) throw new Error(`Equal renders, and yet a patch: ${JSON.stringify(patch)}`);
      }),
      { numRuns, seed },
    );
  },
});
