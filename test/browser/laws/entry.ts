import fc from "fast-check";
import { ForeignNodes } from "../../../client/foreign-nodes.ts";
import { morphContent } from "../../../client/morph.ts";
import { Patcher } from "../../../client/patch.ts";
import { isAsWritten } from "../../../src/diff/as-written.ts";
import { diffPages } from "../../../src/diff/diff.ts";
import { Digest } from "../../../src/diff/digest.ts";
import { fragmentAround } from "../../../src/diff/find-fragment.ts";
import { type FragmentPatch, RESTORE_EDIT } from "../../../src/protocol/patch.ts";
import { renderPage } from "../../../src/render/render.ts";
import type { View } from "../../../src/render/view.ts";
import { WireWriter } from "../../../src/render/wire.ts";
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

/** A page, the same made anew, and whether the object slept before it: then only the digest is left of what the tab shows. */
interface Step {
  readonly pages: readonly [View, View];
  readonly hasSlept: boolean;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({ pages: fc.clone(page, 2) as fc.Arbitrary<[View, View]>, hasSlept: fc.boolean() }),
  { minLength: 2, maxLength: 4 },
);

function check([first, ...rest]: readonly Step[]): void {
  if (first === undefined) return;
  foreign.ignoring(() => {
    // Not by way of text, which forgets a line break that begins a textarea.
    document.body.replaceChildren(...freshBody(first.pages[0]).childNodes);
  });
  const asked: string[] = [];
  const patcher = new Patcher(document, foreign, (address) => asked.push(address));
  const told = new Set<string>();
  let [view, again] = first.pages;
  let digest = Digest.of(view);
  for (const { pages, hasSlept } of rest) {
    if (String(Digest.of(again)) !== String(digest))
      throw new Error("The digest is not that of what is shown");
    if (hasSlept) told.clear();
    // As the server does: where nothing can be counted, the page is sent whole.
    if (![view, pages[0]].every(isAsWritten)) {
      foreign.ignoring(() => morphWhole(pages[0]));
      [view, again] = pages;
      digest = Digest.of(view);
      continue;
    }
    const diff = diffPages({ view: hasSlept ? again : view, digest }, pages[0]);
    if (diff === undefined) throw new Error("One layout, and yet no patch");
    const before = document.body.innerHTML;
    const news = diff.templates.filter(({ name }) => !told.has(name));
    for (const { name, pieces } of travel(news)) patcher.learn(name, pieces);
    for (const { name } of news) told.add(name);
    foreign.ignoring(() => {
      for (const patch of travel(diff.patches)) applyFitting(patch, patcher, asked);
      restoreAll(pages[0], asked.splice(0), patcher);
    });
    if (asked.length > 0) throw new Error(`What was restored misfits the page at ${asked}`);
    [view, again] = pages;
    digest = diff.digest;
    expectFresh(view, { before, patches: diff.patches });
  }
}

function expectFresh(view: View, told: object): void {
  const wanted = freshBody(view);
  if (document.body.isEqualNode(wanted)) return;
  const all = { ...told, after: document.body.innerHTML, wanted: wanted.innerHTML };
  throw new Error(`The patched page differs from a fresh one: ${JSON.stringify(all, null, 1)}`);
}

/** Ids may be there twice; everything else has to fit. */
function applyFitting(patch: FragmentPatch, patcher: Patcher, asked: readonly string[]): void {
  const misfits = asked.length;
  patcher.apply(patch);
  if (asked.length > misfits && !patch[0].includes("#"))
    throw new Error(`A patch misfits the page: ${JSON.stringify(patch)}`);
}

/** What the server answers to a patch that does not fit: here, to ids that are there twice, and to nothing else. */
function restoreAll(view: View, asked: readonly string[], patcher: Patcher): void {
  for (const address of asked) {
    const fragment = fragmentAround(view, address);
    const writer = new WireWriter();
    if (fragment !== undefined) {
      const restored = travel(writer.view(fragment.view));
      for (const { name, pieces } of writer.templates) patcher.learn(name, pieces);
      patcher.apply([fragment.address, [RESTORE_EDIT, restored]]);
      continue;
    }
    morphWhole(view);
  }
}

function morphWhole(view: View): void {
  const { html, marks } = renderPage(view);
  morphContent(document.body, html.slice(marks.bodyStart, marks.bodyEnd), foreign);
}

function travel<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
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
    fc.assert(fc.property(steps, check), { numRuns, seed });
  },
  checkEqual(numRuns: number, seed: number): void {
    const twice = fc.clone(page, 2);
    fc.assert(
      fc.property(twice, ([left, right]) => {
        const digest = Digest.of(left);
        const diff = diffPages({ view: left, digest }, right);
        const isEmpty = diff?.patches.length === 0 && String(diff.digest) === String(digest);
        if (!isEmpty) throw new Error(`Equal renders, and yet a patch: ${JSON.stringify(diff?.patches)}`);
      }),
      { numRuns, seed },
    );
  },
});
