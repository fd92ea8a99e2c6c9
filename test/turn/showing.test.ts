import { describe, expect, it } from "vitest";
import { html } from "../../src/render/view.ts";
import { restore, showingOf, wholePage } from "../../src/turn/showing.ts";

const view = html`<head><title>${"a & b"}</title></head><body><main>${html`<p>${1}</p>`}</main></body>`;
const shown = showingOf({ kind: "view", view });
const plain = showingOf({ kind: "html", body: "<p>x</p>", title: "t" });

describe("restore", () => {
  it("brings a fragment as it was, with the template that the tab may not know", () => {
    if (shown === undefined) throw new Error("A page shows something");
    const end = restore(shown, "1");
    expect(end.updates).toEqual([["1", [1, [expect.any(String), "1"]]]]);
    expect(end.templates).toHaveLength(1);
    expect(end.shown).toBe(shown);
  });

  it("brings the page where there is no fragment, and where it was made elsewhere", () => {
    if (shown === undefined || plain === undefined) throw new Error("A page shows something");
    const body = '<main><p data-r="1">1</p></main>';
    expect(restore(shown, "").updates).toEqual([["page", body, "a &amp; b"]]);
    expect(restore(plain, "1").updates).toEqual([["page", "<p>x</p>", "t"]]);
  });
});

describe("showingOf", () => {
  it("is nothing for what is no page", () => {
    expect(showingOf({ kind: "redirect", url: "/" })).toBeUndefined();
    expect(showingOf({ kind: "failed", cause: 1 })).toBeUndefined();
  });
});

describe("wholePage", () => {
  it("is the page as a document, and nothing for what is none", () => {
    expect(wholePage({ kind: "html", body: "<p>x</p>" })).toBe("<html><body><p>x</p></body></html>");
    expect(wholePage({ kind: "view", view })).toContain("<title>a &amp; b</title>");
    expect(wholePage({ kind: "redirect", url: "/" })).toBeUndefined();
  });
});
