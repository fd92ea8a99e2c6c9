import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fragmentAround } from "../../src/diff/find-fragment.ts";
import { html, keyed } from "../../src/render/view.ts";

const item = (key: string) => html`<li><b>${key}</b>${html`<i>${key}</i>`}</li>`;
const page = html`<body>${html`<ul>${keyed(["a.b", "c-d", "__proto__"], String, item)}</ul>`}${[
  "text",
  html`<p>${1}</p>`,
]}${html`many${html`<u></u>`}<s></s>`}</body>`;
const at = (address: string) => fragmentAround(page, address)?.address;

describe("fragmentAround", () => {
  it("finds what stands at an address: in views, lists by their key, arrays by their place", () => {
    const found = ["0", "0.0:a%2eb", "0.0:c-d", "0.0:c-d.1", "0.0:__proto__", "1-1", "2.0"];
    expect(found.map(at)).toEqual(found);
    expect(fragmentAround(page, "0.0:c-d")?.view.parts[0]).toBe("c-d");
  });

  it("finds the smallest one around what is none: a text, a list, an element with an id, or nothing at all", () => {
    expect(["0.0", "0.0:none", "0.0:c-d.0", "0.0:c-d.9/", "0#id", "1-1.7"].map(at)).toEqual([
      "0",
      "0",
      "0.0:c-d",
      "0.0:c-d",
      "0",
      "1-1",
    ]);
    expect(["", "2", "1-0", "9", "x", "..", "constructor"].map(at)).toEqual(
      Array.from({ length: 7 }, () => undefined),
    );
  });

  it("takes any text, in time that its length bounds", () => {
    const odd = fc.string({ unit: fc.constantFrom(..."0129.:-/#%ab_".split("")), maxLength: 200 });
    fc.assert(fc.property(fc.oneof(fc.string(), odd), (address) => void at(address)));
    at("0.".repeat(2_000));
    at(":".repeat(4_000));
  });
});
