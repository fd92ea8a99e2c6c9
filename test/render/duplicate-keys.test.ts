import { describe, expect, it } from "vitest";
import { refuseDuplicateKeys } from "../../src/render/duplicate-keys.ts";
import { html, keyed } from "../../src/render/view.ts";

const list = (keys: readonly string[]) =>
  html`<ul>${keyed(keys, String, (key) => html`<li>${key}</li>`)}</ul>`;

describe("refuseDuplicateKeys", () => {
  it("names the list by its template and part, the key, and the items that share it", () => {
    expect(() => refuseDuplicateKeys(list(["a", "b", "c", "b"]))).toThrow(
      'Part 1 of the template `<ul>${?}</ul>`: two items of its list have the key "b" (items 2 and 4 of 4); expected a key of its own for each, from keyed(items, key, view)',
    );
  });

  it("finds lists in views, in items of lists and in arrays", () => {
    const bad = list(["a", "a"]);
    const pages = [
      html`<p>${bad}</p>`,
      html`<p>${["x", [bad]]}</p>`,
      html`<p>${keyed([1], String, () => html`<b>${bad}</b>`)}</p>`,
    ];
    for (const page of pages) expect(() => refuseDuplicateKeys(page)).toThrow("two items");
  });

  it("takes lists whose keys differ, and two lists with the same keys", () => {
    refuseDuplicateKeys(html`<p>${list(["a", "b"])}${list(["a", "b"])}${"text"}</p>`);
  });
});
