import { describe, expect, it } from "vitest";
import { isAsWritten } from "../../src/diff/as-written.ts";
import { html, keyed, type Part, unsafeHtml, type View } from "../../src/render/view.ts";

// That what is as written can be patched by counting is a law of its own: test/browser/patch-laws.

const inside = (view: (part: Part) => View, made: string) =>
  isAsWritten(html`<head>${unsafeHtml("<b>")}</head><body><main>${view(unsafeHtml(made))}</main></body>`);
const div = (part: Part) => html`<div>${part}</div>`;
const paragraph = (part: Part) => html`<p>${html`<span>${part}</span>`}</p>`;
const row = (part: Part) =>
  html`<table><tbody>${keyed([1], String, () => html`<tr><td>${["x", part]}</td></tr>`)}</tbody></table>`;

describe("isAsWritten", () => {
  const regular: readonly (readonly [string, (part: Part) => View, string])[] = [
    ["text", div, "a &lt; b"],
    ["well-formed HTML", div, "<ul><li>a</li><li>b</li></ul><hr>"],
    ["words in a paragraph, through another view", paragraph, "some <b>bold</b>"],
    ["a list in a cell of a row", row, "<ul><li>a</li></ul>"],
  ];
  it.each(regular)("is true for %s", (_, view, made) => {
    expect(inside(view, made)).toBe(true);
  });

  const irregular: readonly (readonly [string, (part: Part) => View, string])[] = [
    ["an element that is not ended", div, "<b>a"],
    ["one end too many", div, "a</div>"],
    ["a list in a paragraph, through another view", paragraph, "<ul></ul>"],
    ["a cell in a cell", row, "<td>a</td>"],
  ];
  it.each(irregular)("is false for %s", (_, view, made) => {
    expect(inside(view, made)).toBe(false);
    // Remembered, and no other for it.
    expect(inside(view, made)).toBe(false);
  });

  it("reads nothing where no HTML was made elsewhere", () => {
    const view = html`<body><p>${html`<b>${"a"}</b>`}</p></body>`;
    expect([view.hasOpaque, isAsWritten(view)]).toEqual([false, true]);
  });
});
