import { describe, expect, it } from "vitest";
import { renderPage, renderToString } from "../../src/render/render.ts";
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
  it("whatever the language knows by its name: a tag is data", () => {
    expect(html`<constructor>${x}</constructor>`.template.outline.isSingleRoot).toBe(true);
  });

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
    template.outline.holders.map(
      (holder) =>
        holder && {
          path: holder.path,
          isText: holder.isText,
          ...(holder.anchor === undefined ? {} : { anchor: holder.anchor.part }),
        },
    );

  it("is the smallest element around it that can be counted to", () => {
    expect(holdersOf(html`<ul><li>a</li><li><b>${x}</b></li></ul>`)).toEqual([
      { path: [0, 1, 0], isText: true },
    ]);
    expect(holdersOf(html`<p>${x}<b>c</b></p>`)).toEqual([{ path: [0], isText: false }]);
  });

  it("is found by its own address where a part comes before, whose elements nobody can count", () => {
    expect(holdersOf(html`<p>${x}<b>${x}</b></p>`)).toEqual([
      { path: [0], isText: false },
      { path: [], isText: true, anchor: 1 },
    ]);
    expect(holdersOf(html`<p>${x}<b><u>a</u><i>${x}</i><i>${x}</i></b><s>${x}</s></p>`)).toEqual([
      { path: [0], isText: false },
      { path: [1], isText: true, anchor: 1 },
      { path: [2], isText: true, anchor: 1 },
      { path: [], isText: true, anchor: 3 },
    ]);
    const written = renderToString(html`<p>${x}<b></b><b>${x}</b></p>`);
    expect(written).not.toContain("data-r");
    expect(renderPage(html`<body>${html`<p>${x}<b></b><b>${x}</b></p>`}</body>`).html).toContain(
      '<b></b><b data-r="0.1/">',
    );
  });

  it("is nobody in what is permanent, its attributes included", () => {
    const view = html`<p title=${x}>${x}</p><div data-reflex-permanent id=${x}>${x}<b title=${x}>${x}</b></div><p>${x}</p>`;
    const reached = view.template.outline.holders.map((holder) => holder !== undefined);
    expect(reached).toEqual([true, true, false, false, false, false, true]);
    const unknown = html`<div data-reflex-permanent=${x} id=${x}>${x}</div>`.template.outline.holders;
    expect(unknown.every((holder) => holder !== undefined)).toBe(true);
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

describe("the place of a part in an attribute", () => {
  it("is counted to where that can be done, and has an address of its own otherwise", () => {
    const { outline } = html`<p id=${x}><b></b><b title="${x} ${x}"></b>${x}<b id=${x}></b></p>`.template;
    const spots = [0, 1, 2, 4].map((part) => outline.attributeSpots[part]);
    expect(spots.map((spot) => [spot?.path, spot?.anchor?.part])).toEqual([
      [[0], undefined],
      [[0, 1], undefined],
      [[0, 1], undefined],
      [[], 4],
    ]);
    expect(outline.attributeSpots[3]).toBeUndefined();
  });
});
