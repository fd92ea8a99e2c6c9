import { describe, expect, it } from "vitest";
import { diffPages } from "../../src/diff/diff.ts";
import { Digest } from "../../src/diff/digest.ts";
import type { FragmentPatch } from "../../src/protocol/patch.ts";
import { writeWireView } from "../../src/protocol/wire-view.ts";
import { html, keyed, type Part, unsafeHtml, type View } from "../../src/render/view.ts";

// That patches make of one page the other is a law of its own: test/browser/patch-laws. Here: how little they say.

const page = (content: Part): View => html`<html><body><main>${content}</main></body></html>`;
const diffOf = (before: View, after: View) => diffPages({ view: before, digest: Digest.of(before) }, after);
const diff = (before: Part, after: Part): readonly FragmentPatch[] | undefined =>
  diffOf(page(before), page(after))?.patches;
const bytes = (patch: readonly FragmentPatch[] | undefined): number => JSON.stringify(patch).length;

/** The views of a patch as the client would write them. */
function written(before: Part, after: Part): readonly string[] {
  const { patches, templates } = diffOf(page(before), page(after)) ?? { patches: [], templates: [] };
  const book = new Map(templates.map(({ name, pieces }) => [name, pieces]));
  return patches.flatMap(([address, ...edits]) =>
    edits.flatMap((edit) => {
      const view = edit.find((item) => Array.isArray(item) && book.has(item[0]));
      const suffix = typeof edit[0] === "string" ? (edit[2] ?? "") : "";
      return Array.isArray(view) ? [writeWireView(view as never, address + suffix, book)] : [];
    }),
  );
}

const row = (id: number, text = "x") => html`<tr><td>${id}</td><td title="${text}">${text}</td></tr>`;
const table = (ids: readonly number[], texts: Readonly<Record<number, string>> = {}) =>
  html`<table><tbody>${keyed(ids, String, (id) => row(id, texts[id]))}</tbody></table>`;
const upTo = (length: number) => Array.from({ length }, (_, index) => index);

describe("a patch", () => {
  it("names the text that changed, by its fragment and the way to it", () => {
    const view = (n: number) => html`<p>${n}</p>`;
    expect(diff(view(1), view(2))).toEqual([["0", ["", "2"]]]);
    const deep = (n: number) => html`<ul><li>a</li><li><b>${n}</b></li></ul>`;
    expect(diff(deep(1), deep(2))).toEqual([["0", ["1.0", "2"]]]);
  });

  it("names the attribute that changed, and one that goes", () => {
    const view = (value: Part, is: boolean) => html`<p class="a ${value}" hidden=${is}>x</p>`;
    expect(diff(view("b", true), view("c", false))).toEqual([
      ["0", ["", "class", "a c"], ["", "hidden", null]],
    ]);
  });

  it("redraws the smallest element around text beside markup, with what it holds left out", () => {
    const view = (n: number) =>
      html`<div><p>at ${n} <b>of</b> ${html`<i>${"same"}</i>`}</p><p>rest</p></div>`;
    expect(diff(view(1), view(2))).toEqual([["0", ["0", [expect.any(String), "2", 0]]]]);
    expect(written(view(1), view(2))).toEqual(['at 2 <b>of</b> <template data-r="0.1"></template>']);
  });

  it("puts another fragment in the place of one of another template", () => {
    const [before, after] = [html`<p>a</p>`, html`<b>a</b>`];
    expect(diff(before, after)).toEqual([["0", [0, [expect.any(String)]]]]);
    expect(written(before, after)).toEqual(['<b data-r="0">a</b>']);
  });

  it("is not made for another layout", () => {
    expect(diffOf(page("a"), html`<body>a</body>`)).toBeUndefined();
  });

  it("sees what a list that was changed in place has become", () => {
    const words = ["a"];
    const before = page(html`<p>${words}</p>`);
    words.push("b");
    expect(diffOf(before, page(html`<p>${words}</p>`))?.patches).not.toEqual([]);
  });

  it("looks at nothing inside a view that is the same object", () => {
    const same = html`<p>${"a"}</p>`;
    expect(diff(same, same)).toEqual([]);
  });
});

describe("the patch of HTML that was made elsewhere", () => {
  const made = (count: number, more = "") =>
    unsafeHtml(`<div id="card"><h2>fixed</h2><p id="count">${count}</p>${more}</div>`);

  it("is that of the smallest element with an id that holds the change", () => {
    const view = (content: Part) => html`<section>${content}</section>`;
    expect(diff(view(made(1)), view(made(2)))).toEqual([["0#count", ["", [expect.any(String), "2"]]]]);
    const more = diff(view(made(1)), view(made(2, "<b>b</b>")));
    expect(more).toEqual([
      ["0#card", ["", [expect.any(String), '<h2>fixed</h2><p id="count">2</p><b>b</b>']]],
    ]);
  });

  it("is that of what it stands in when what is around would end by it", () => {
    const paragraph = (count: number) => html`<p>${made(count)}</p>`;
    expect(diff(paragraph(1), paragraph(2))).toMatchObject([["0", ["", expect.anything()]]]);
  });

  it("is made of what it was when the view was: elements of hono/jsx may change in place", () => {
    const element = { isEscaped: true as const, text: "a", toString: () => `<b>${element.text}</b>` };
    const view = () => page(html`<p>${element}</p>`);
    const before = view();
    element.text = "b";
    expect(diffOf(before, view())?.patches).toHaveLength(1);
  });
});

describe("the patch of a keyed list", () => {
  it("tells the cells of one row that changed, whatever the number of rows", () => {
    for (const length of [10, 10_000]) {
      const ids = upTo(length);
      expect(diff(table(ids), table(ids, { 7: "new" }))).toEqual([
        ["0.0:7", ["1", "title", "new"], ["1", "new"]],
      ]);
    }
  });

  it("costs the same for 10 and for 10,000 rows: inserted, removed, moved", () => {
    const sizes = [10, 10_000].map((length) => {
      const ids = upTo(length);
      const inserted = bytes(diff(table(ids), table([-1, ...ids])));
      const removed = bytes(diff(table(ids), table(ids.toSpliced(5, 1))));
      const moved = bytes(diff(table(ids), table([length - 1, ...ids.slice(0, -1)])));
      return [inserted, removed, moved];
    });
    const [few = [], many = []] = sizes;
    for (const [index, size] of few.entries())
      expect(Math.abs(size - (many[index] ?? 0))).toBeLessThanOrEqual(4);
    expect(many[1]).toBeLessThanOrEqual(22);
    expect(many[2]).toBeLessThanOrEqual(36);
  });

  it("moves as few items as it takes", () => {
    const placed = (before: readonly number[], after: readonly number[]) => {
      const edit = diff(table(before), table(after))?.[0]?.[1];
      return edit?.[0] === 2 ? edit[2].map(([key]) => key) : undefined;
    };
    expect(placed([1, 2, 3, 4], [4, 1, 2, 3])).toEqual(["4"]);
    expect(placed([1, 2, 3, 4], [2, 1, 4, 3])).toHaveLength(2);
    expect(placed([1, 2, 3, 4], [1, 2, 3])).toEqual([]);
  });

  it("is that of its whole element when keys repeat or the list was empty", () => {
    const repeated = html`<ul>${keyed([1, 1], String, (n) => html`<li>${n}</li>`)}</ul>`;
    const list = (ids: readonly number[]) => html`<ul>${keyed(ids, String, (n) => html`<li>${n}</li>`)}</ul>`;
    expect(written(list([]), list([1]))).toEqual(['<li data-r="0.0:1">1</li>']);
    expect(diff(repeated, list([1]))).toHaveLength(1);
  });
});
