import { describe, expect, it } from "vitest";
import {
  anchorAddress,
  baseOf,
  childAddress,
  outsideOf,
  type TemplateBook,
  type WireView,
  writeWireView,
} from "../../src/protocol/wire-view.ts";

const book: TemplateBook = new Map([
  ["item", ["<li", -1, ["class"], ">", 1, "</li>"]],
  ["list", ["<ul", -1, ">", 0, "</ul>"]],
  ["anchor", [0, "<p", -4, ">", 2, "</p>"]],
]);
const write = (view: WireView, base = "2") => writeWireView(view, base, book);

describe("writeWireView", () => {
  it("writes literals, values and addresses, and leaves out attributes that are null", () => {
    expect(write(["item", "a", "x &amp; y"])).toBe('<li data-r="2" class="a">x &amp; y</li>');
    expect(write(["item", null, ""])).toBe('<li data-r="2"></li>');
  });

  it("gives nested views, items and array places the addresses that the server does", () => {
    expect(write(["list", ["item", null, "a"]])).toBe('<ul data-r="2"><li data-r="2.0">a</li></ul>');
    expect(write(["list", [0, "k", ["item", null, "a"]]])).toContain('data-r="2.0:k"');
    expect(write(["list", [1, "text", ["item", null, "a"]]])).toContain('text<li data-r="2.0-1">');
    expect(write(["anchor", "", "b"])).toBe('<p data-r="2.2/">b</p>');
    expect(write(["anchor", "", "b"], "")).toBe('<p data-r="2/">b</p>');
  });

  it("puts placeholders for what stays, and keeps odd keys inside their attribute", () => {
    expect(write(["list", 0])).toBe('<ul data-r="2"><template data-r="2.0"></template></ul>');
    expect(write(["list", 1])).toBe('<ul data-r="2"><template data-l="2.0"></template></ul>');
    expect(write(["list", [0, '"><b>&', ["item", null, "a"]]])).toContain('data-r="2.0:&quot;><b>&amp;">');
  });

  it("refuses a template that it was not told of", () => {
    expect(() => write(["none"])).toThrow("No template none");
  });
});

describe("an address", () => {
  it("leads to the parts of what it names, and to what it is in", () => {
    expect([childAddress("", 3), childAddress("2.1:k", 3), anchorAddress("2", 5)]).toEqual([
      "3",
      "2.1:k.3",
      "2.5/",
    ]);
    expect(["2.5/", "5/", "2.1:k", ""].map(baseOf)).toEqual(["2", "", "2.1:k", ""]);
    expect(["2.0.1:k", "2.0.1", "2.5/", "2.0-1", "2#id", "2", ""].map(outsideOf)).toEqual([
      "2.0.1",
      "2.0",
      "2",
      "2",
      "2",
      "",
      "",
    ]);
  });
});
