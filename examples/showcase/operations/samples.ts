import { type Cable, html } from "edge-reflex";

/** One operation as the page shows it. */
type Sample = (cable: Cable) => unknown;

/** Operations that have something in common, by their names. */
interface SampleGroup {
  readonly name: string;
  readonly samples: Readonly<Record<string, Sample>>;
}

const CONTENT: SampleGroup = {
  name: "What there is in the page",
  samples: {
    append: (cable) => cable.append("#list", { html: html`<li>appended</li>` }),
    prepend: (cable) => cable.prepend("#list", { html: html`<li>prepended</li>` }),
    insertAdjacentHtml: (cable) =>
      cable.insertAdjacentHtml("#line", { html: html`<b>beside</b> `, position: "afterbegin" }),
    insertAdjacentText: (cable) => cable.insertAdjacentText("#line", { text: " And more." }),
    innerHtml: (cable) => cable.innerHtml("#line", { html: html`<em>Other markup.</em>` }),
    outerHtml: (cable) => cable.outerHtml("#line", { html: html`<p id="line">Another line.</p>` }),
    replace: (cable) => cable.replace("#line", { html: html`<p id="line">A line in its place.</p>` }),
    textContent: (cable) => cable.textContent("#line", { text: "Other text." }),
    remove: (cable) => cable.remove("#list li:last-child"),
    graft: (cable) => cable.graft("#list", { parent: "#side" }),
    morph: (cable) => cable.morph("#line", { html: html`<p id="line" class="marked">Morphed.</p>` }),
  },
};

const STATE: SampleGroup = {
  name: "What an element is",
  samples: {
    addCssClass: (cable) => cable.addCssClass("#line", { name: "marked" }),
    removeCssClass: (cable) => cable.removeCssClass("#line", { name: "marked" }),
    setAttribute: (cable) => cable.setAttribute("#line", { name: "title", value: "A title" }),
    removeAttribute: (cable) => cable.removeAttribute("#line", { name: "title" }),
    setDatasetProperty: (cable) => cable.setDatasetProperty("#line", { name: "rowId", value: 7 }),
    setProperty: (cable) => cable.setProperty("#box", { name: "checked", value: true }),
    setStyle: (cable) => cable.setStyle("#line", { name: "letterSpacing", value: "0.2em" }),
    setStyles: (cable) => cable.setStyles("#line", { styles: { letterSpacing: null, fontStyle: "italic" } }),
    setValue: (cable) => cable.setValue("#field", { value: "set by the server" }),
    setFocus: (cable) => cable.setFocus("#field"),
    scrollIntoView: (cable) => cable.scrollIntoView("#demo", { behavior: "smooth", block: "nearest" }),
    dispatchEvent: (cable) => cable.dispatchEvent("#line", { name: "sample:told", detail: { by: "server" } }),
  },
};

const BROWSER: SampleGroup = {
  name: "The document and the browser",
  samples: {
    setTitle: (cable) => cable.setTitle({ title: "Set by an operation" }),
    setMeta: (cable) => cable.setMeta({ name: "theme-color", content: "#7c3aed" }),
    setCookie: (cable) => cable.setCookie({ cookie: "sample=1; max-age=60; path=/operations" }),
    setStorageItem: (cable) => cable.setStorageItem({ key: "sample", value: "stored", type: "session" }),
    removeStorageItem: (cable) => cable.removeStorageItem({ key: "sample", type: "session" }),
    consoleLog: (cable) => cable.consoleLog({ message: "Written by an operation" }),
    consoleTable: (cable) => cable.consoleTable({ data: [{ operation: "consoleTable", rows: 1 }] }),
    notification: (cable) => cable.notification({ title: "Shown by an operation" }),
    announce: (cable) => cable.announce({ text: "Said by an operation" }),
    clearStorage: (cable) => cable.clearStorage({ type: "session" }),
  },
};

const WINDOW: SampleGroup = {
  name: "Where the page is",
  samples: {
    pushState: (cable) => cable.pushState({ url: "/operations?pushed" }),
    replaceState: (cable) => cable.replaceState({ url: "/operations?replaced" }),
    go: (cable) => cable.go({ delta: -1 }),
    redirectTo: (cable) => cable.redirectTo({ url: "/operations" }),
    reload: (cable) => cable.reload(),
  },
};

/** A sample of every operation. */
export const SAMPLE_GROUPS: readonly SampleGroup[] = [CONTENT, STATE, BROWSER, WINDOW];

/** The sample of an operation; `undefined` for a name that is none. */
export function findSample(name: string): Sample | undefined {
  const group = SAMPLE_GROUPS.find(({ samples }) => Object.hasOwn(samples, name));
  return group?.samples[name];
}
