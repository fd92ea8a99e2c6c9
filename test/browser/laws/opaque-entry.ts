import fc from "fast-check";
import { ForeignNodes } from "../../../client/foreign-nodes.ts";
import { morphContent } from "../../../client/morph.ts";
import { type Cut, cutHtml } from "../../../src/diff/cut-html.ts";
import { type OpaquePage, opaquePages } from "./opaque-pages.ts";

// Runs in Chromium; test/browser/opaque-laws.test.ts bundles it and calls what it leaves in `window`.

/** How often pages were brought to their next state, and by what. */
export interface Tally {
  updates: number;
  /** By cuts, none included. */
  cut: number;
  /** Of those between pages that are well-formed and differ. */
  regular: number;
  regularCut: number;
  /** Characters of well-formed pages that changed, and of the cuts that were made instead of sending them. */
  regularChars: number;
  cutChars: number;
  /** Updates that no morph can make, and that were made by parsing. */
  parsed: number;
}

const foreign = new ForeignNodes(document);

/** The body that the browser makes of a page. */
function freshBody({ html }: OpaquePage): HTMLElement {
  const fresh = document.implementation.createHTMLDocument("");
  fresh.body.innerHTML = html;
  return fresh.body;
}

/** Brings an element's content to HTML. */
type SetContent = (element: Element, html: string) => void;

const byParsing: SetContent = (element, html) => {
  element.innerHTML = html;
};
const byMorphing: SetContent = (element, html) => {
  morphContent(element, html, foreign);
};

function update([before, after]: Step, setContent: SetContent): readonly Cut[] | undefined {
  const cuts = cutHtml(before.html, after.html);
  if (cuts === undefined) setContent(document.body, after.html);
  for (const { id, html } of cuts ?? []) {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`No element ${JSON.stringify(id)} for ${JSON.stringify(cuts)}`);
    setContent(element, html);
  }
  return cuts;
}

type Step = readonly [before: OpaquePage, after: OpaquePage];

function check([first, ...rest]: readonly OpaquePage[], setContent: SetContent, tally: Tally): void {
  if (first === undefined) return;
  foreign.ignoring(() => byParsing(document.body, first.html));
  let shown = first;
  for (const page of rest) {
    const live = document.body.innerHTML;
    const wanted = freshBody(page);
    const isBeyond = [document.body, wanted].some(isBeyondMorphs) || haveStrangers(document.body, wanted);
    const set = isBeyond ? byParsing : setContent;
    if (set === byParsing) tally.parsed += 1;
    const cuts = foreign.ignoring(() => update([shown, page], set));
    count([shown, page], cuts, tally);
    if (!document.body.isEqualNode(wanted)) {
      const told = { before: shown.html, after: page.html, cuts, live, got: document.body.innerHTML };
      const text = JSON.stringify({ ...told, wanted: wanted.innerHTML }, null, 1);
      throw new Error(`The page differs from a fresh one: ${text}`);
    }
    shown = page;
  }
}

/** What is called as something else is, and is not; ids that are empty. */
const UNMORPHED =
  "[id=''], svg :is(input, textarea, select, option), math :is(input, textarea, select, option)";

/**
 * A morph pairs elements by their ids, so it loses some of those that share one. It takes an option for its text,
 * and knows no processing instructions, which the latest browsers build.
 */
function isBeyondMorphs(body: Element): boolean {
  const instructions = document.createTreeWalker(body, NodeFilter.SHOW_PROCESSING_INSTRUCTION);
  if (body.querySelector(UNMORPHED) !== null || instructions.nextNode() !== null) return true;
  const inOptions = Array.from(body.querySelectorAll("option"), (option) => [...option.childNodes]).flat();
  if (inOptions.some((node) => !(node instanceof Text))) return true;
  const ids = Array.from(body.querySelectorAll("[id]"), ({ id }) => id);
  return new Set(ids).size < ids.length;
}

/** True when an element has the id of one that is called the same in another namespace: a morph takes them for one. */
function haveStrangers(live: Element, wanted: Element): boolean {
  return Array.from(live.querySelectorAll("[id]")).some((element) => {
    const namesake = wanted.querySelector(`[id="${CSS.escape(element.id)}"]`);
    return namesake !== null && namesake.namespaceURI !== element.namespaceURI;
  });
}

function count([before, after]: Step, cuts: readonly Cut[] | undefined, tally: Tally): void {
  tally.updates += 1;
  if (cuts !== undefined) tally.cut += 1;
  if (!before.isRegular || !after.isRegular || before.html === after.html) return;
  tally.regular += 1;
  if (cuts === undefined) return;
  tally.regularCut += 1;
  tally.regularChars += after.html.length;
  for (const { html } of cuts) tally.cutChars += html.length;
}

Object.assign(window, {
  checkOpaque(numRuns: number, seed: number, way: "parsing" | "morphing"): Tally {
    const setContent = way === "parsing" ? byParsing : byMorphing;
    const tally = { updates: 0, cut: 0, regular: 0, regularCut: 0, regularChars: 0, cutChars: 0, parsed: 0 };
    fc.assert(
      fc.property(opaquePages, (pages) => check(pages, setContent, tally)),
      { numRuns, seed, endOnFailure: false },
    );
    return tally;
  },
});
