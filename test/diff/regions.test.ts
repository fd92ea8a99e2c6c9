import { describe, expect, it } from "vitest";
import { diffFragments, diffPages } from "../../src/diff/diff.ts";
import { Digest } from "../../src/diff/digest.ts";
import { writeWireView } from "../../src/protocol/wire-view.ts";
import { regionsIn } from "../../src/render/find-regions.ts";
import { Region, regionAddress, regionIn } from "../../src/render/region.ts";
import { renderFragment, renderPage } from "../../src/render/render.ts";
import { html, keyed, type Part, type View } from "../../src/render/view.ts";

const shown = (name: string, text: string): Region => {
  const view = html`<p>${text}</p>`;
  return new Region(name, { html: renderFragment(view, regionAddress(name)), place: "life.1" });
};
const page = (content: Part): View => html`<html><body><main>${content}</main></body></html>`;
const diffOf = (before: View, after: View) => diffPages({ view: before, digest: Digest.of(before) }, after);

describe("a region in a page", () => {
  it("is written with addresses of its own", () => {
    const address = regionAddress("life:1");
    expect(address).toMatch(/^@[0-9a-z]{6}$/);
    expect(renderPage(page(shown("life:1", "a"))).html).toContain(
      `<main><p data-r="${address}">a</p></main>`,
    );
  });

  it("is the same for its page, whatever it shows", () => {
    for (const around of [
      (region: Region) => page(region),
      (region: Region) => page(["text", region]),
      (region: Region) => page(html`<section>${region}</section>`),
    ]) {
      const [before, after] = [around(shown("life:1", "a")), around(shown("life:1", "b"))];
      expect(diffOf(before, after)).toMatchObject({ patches: [], templates: [], regions: [] });
      expect(String(Digest.of(after))).toBe(String(Digest.of(before)));
    }
  });

  it("stays in the page where what is around it is redrawn, and is not sent", () => {
    const view = (text: string, shows: string) =>
      page(html`<div>${text} <b>of</b> ${shown("life:1", shows)}</div>`);
    const diff = diffOf(view("1", "a"), view("2", "b"));
    const [patch] = diff?.patches ?? [];
    const [, [, content]] = patch as unknown as [string, [string, [string, ...string[]]]];
    const book = new Map(diff?.templates.map(({ name, pieces }) => [name, pieces]));
    expect(writeWireView(content, "0", book)).toBe(
      `2 <b>of</b> <template data-r="${regionAddress("life:1")}"></template>`,
    );
    expect(diff?.regions).toEqual([]);
  });

  it("is sent whole where it is new, and told", () => {
    const region = shown("life:1", "a");
    const diff = diffOf(page(html`<div></div>`), page(html`<section>${region}</section>`));
    expect(JSON.stringify(diff?.patches)).toContain("@");
    expect(diff?.regions).toEqual([region]);
    const instead = diffOf(page(shown("other", "a")), page(region));
    expect(instead?.regions).toEqual([region]);
  });

  it("changes the digest of its page by its name", () => {
    const digests = [page("life:1"), page(shown("life:1", "a")), page(shown("life:2", "a"))].map((view) =>
      String(Digest.of(view)),
    );
    expect(new Set(digests).size).toBe(3);
  });

  it("is found wherever it stands, as often as it stands there", () => {
    const [one, two] = [shown("1", "a"), shown("2", "b")];
    const list = keyed([1], String, () => html`<li>${two}</li>`);
    expect(regionsIn(page([one, html`<ul>${list}</ul>`, html`<b>${one}</b>`]))).toEqual([one, two, one]);
    expect(regionsIn(page("none"))).toEqual([]);
  });

  it("cannot stand in an attribute or in text", () => {
    const region = shown("1", "a");
    expect(() => renderPage(page(html`<p title="${region}"></p>`))).toThrow(/in an attribute/);
    expect(() => renderPage(page(html`<textarea>${region}</textarea>`))).toThrow(/markup/);
  });
});

describe("an address of a region", () => {
  it("tells the region that it leads into", () => {
    const address = regionAddress("life:1");
    for (const inside of ["", ".0", ".0:17.3", ".0/", "#name"])
      expect(regionIn(address + inside)).toBe(address);
    for (const own of ["", "0.1", "0:@x", "#@x"]) expect(regionIn(own)).toBeUndefined();
  });
});

describe("two renders of a region", () => {
  const address = regionAddress("life:1");
  const board = (cells: readonly boolean[]) =>
    html`<table class="${cells.length}"><tbody>${keyed(
      cells.map((isAlive, index) => ({ isAlive, index })),
      ({ index }) => index,
      ({ isAlive }) => html`<tr><td class=${isAlive ? "on" : null}></td></tr>`,
    )}</tbody></table>`;

  it("differ by what changed, under the region's address", () => {
    const { patches } = diffFragments(board([true, false]), board([true, true]), address);
    expect(patches).toEqual([[`${address}.1:1`, ["0", "class", "on"]]]);
  });

  it("differ in the attributes of the element itself", () => {
    const view = (kind: string) => html`<p class="${kind}">x</p>`;
    expect(diffFragments(view("a"), view("b"), address).patches).toEqual([[address, ["", "class", "b"]]]);
  });

  it("have another element where the template is another", () => {
    const { patches, templates } = diffFragments(html`<p>x</p>`, html`<b>x</b>`, address);
    expect(patches).toEqual([[address, [0, [expect.any(String)]]]]);
    expect(templates).toHaveLength(1);
  });

  it("do not differ where nothing changed", () => {
    expect(diffFragments(board([true]), board([true]), address)).toEqual({ patches: [], templates: [] });
  });
});
