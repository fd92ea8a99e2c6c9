import { describe, expect, it } from "vitest";
import { html, type View } from "../../src/render/view.ts";

const x = "x";

describe("a template is one element", () => {
  const single: readonly (readonly [string, View])[] = [
    ["an element", html`<p>${x}</p>`],
    ["with white space around it", html` \n<p>${x}</p>\t`],
    ["that is void", html`<input value=${x}>`],
    ["that closes itself in a drawing's way", html`<svg/>`],
    ["with a drawing inside", html`<p><svg><path d=${x}/><g></g></svg></p>`],
    ["with a comment beside it", html`<!-- c --><p>${x}</p>`],
    ["with a table as the parser builds it", html`<table><tbody><tr><td>${x}</td></tr></tbody></table>`],
  ];
  it.each(single)("%s", (_, view) => {
    expect(view.template.outline.isSingleRoot).toBe(true);
  });
});

describe("a template is not one element", () => {
  const other: readonly (readonly [string, View])[] = [
    ["nothing", html``],
    ["text", html`a`],
    ["two elements", html`<p></p><p></p>`],
    ["text before an element", html`a<p></p>`],
    ["a no-break space before an element", html`\u00a0<p></p>`],
    ["a bracket before an element", html`< <p></p>`],
    ["a part beside an element", html`<p></p>${x}`],
    ["an element left open", html`<p>`],
    ["an end tag of nothing", html`<p></p></b>`],
    ["an element that closes itself, which HTML does not know", html`<p/>`],
    ["a paragraph that another element ends", html`<p><div></div></p>`],
    ["an item in an item", html`<li><li></li></li>`],
    ["a row without the body that the parser puts there", html`<table><tr></tr></table>`],
    ["a whole page", html`<html><body><p></p></body></html>`],
  ];
  it.each(other)("%s", (_, view) => {
    expect(view.template.outline.isSingleRoot).toBe(false);
  });
});

describe("the holder of a part", () => {
  const holdersOf = ({ template }: View) =>
    template.outline.holders.map((holder) => holder && { path: holder.path, isText: holder.isText });

  it("is the smallest element around it that can be counted to", () => {
    expect(holdersOf(html`<ul><li>a</li><li><b>${x}</b></li></ul>`)).toEqual([
      { path: [0, 1, 0], isText: true },
    ]);
    expect(holdersOf(html`<p>${x}<b>c</b></p>`)).toEqual([{ path: [0], isText: false }]);
  });

  it("is an element further out where a part comes before, whose elements nobody can count", () => {
    expect(holdersOf(html`<p>${x}<b>${x}</b></p>`)).toEqual([
      { path: [0], isText: false },
      { path: [0], isText: false },
    ]);
  });

  it("is the whole where the parser builds other elements than are written", () => {
    expect(holdersOf(html`<p><i>${x}</i><div>${x}</div></p>`)).toEqual([
      { path: [], isText: false },
      { path: [], isText: false },
    ]);
  });

  it("is nobody outside the body, and counts from the body inside", () => {
    expect(holdersOf(html`<head><meta name=${x}></head><body><p></p><p>${x}</p></body>${x}`)).toEqual([
      undefined,
      { path: [1], isText: true },
      undefined,
    ]);
  });

  it("has nothing else inside when it is sole, white space aside", () => {
    const sole = (view: View) => view.template.outline.holders[0]?.isSole;
    expect(sole(html`<p> ${x}\n</p>`)).toBe(true);
    const others = [html`<p>a ${x}</p>`, html`<p>< ${x}</p>`, html`<p>${x}${x}</p>`, html`<p>${x}<br></p>`];
    expect(others.map(sole)).toEqual([false, false, false, false]);
  });
});

describe("the path of a part in an attribute", () => {
  it("leads to its element, where that can be counted to", () => {
    const { outline } = html`<p id=${x}><b></b><b title="${x} ${x}"></b>${x}<b id=${x}></b></p>`.template;
    expect(outline.attributePaths).toEqual([[0], [0, 1], [0, 1], undefined, undefined]);
  });
});
