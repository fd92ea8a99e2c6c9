import { describe, expect, it } from "vitest";
import { contentFor, partsOfDocument } from "../../src/render/document.ts";

describe("partsOfDocument", () => {
  const documents = [
    [
      "a whole document",
      "<!doctype html><html><head><title>t &amp; u</title></head><body class=x><p>b</p></body></html>",
    ],
    ["one without html and head", "<!doctype html><title>t &amp; u</title><body><p>b</p></body>"],
    ["one without body", "<!doctype html><html><head><title>t &amp; u</title></head><p>b</p></html>"],
  ];
  it.each(documents)("takes body and title of %s", (_, html = "") => {
    expect(partsOfDocument(html)).toEqual({ body: "<p>b</p>", title: "t &amp; u" });
  });

  it("takes text without a frame as a body, untouched", () => {
    expect(partsOfDocument("<p>a<br>b")).toEqual({ body: "<p>a<br>b" });
  });

  it("does not take a drawing's title for the page's", () => {
    expect(partsOfDocument("<body><svg><title>icon</title></svg></body>").title).toBeUndefined();
  });
});

describe("contentFor", () => {
  it("takes the content of the match when the HTML holds one", () => {
    expect(contentFor("#a", '<p>x</p><div id="a"><b>1</b></div>')).toBe("<b>1</b>");
    expect(contentFor("#r", '<tr id="r"><td>1</td></tr>')).toBe("<td>1</td>");
  });

  it("takes all of the HTML when it holds none", () => {
    expect(contentFor("#a", "<b>1</b> and")).toBe("<b>1</b> and");
  });

  it("says which selector is none", () => {
    expect(() => contentFor("##", "<b></b>")).toThrow(/"##" is not a CSS selector/);
  });
});

describe("a title that a parser has read", () => {
  const text = "&lt;/title&gt;&lt;img src=x onerror=1&gt; &amp;lt;";

  it.each(["div", "head"])("is written with its text escaped again: in <%s>", (tag) => {
    const inside = `<title>${text}</title>`;
    expect(contentFor(tag, `<${tag}>${inside}</${tag}>`)).toBe(inside);
  });

  it("is written so in a drawing, and when it is asked for itself", () => {
    const drawing = `<svg><title>${text} "'</title></svg>`;
    expect(contentFor("#a", `<div id="a">${drawing}</div>`)).toBe(drawing);
    expect(contentFor("title", `<title>${text}</title>`)).toBe(text);
  });

  it("is the page's, escaped once", () => {
    const { title, body } = partsOfDocument(
      `<html><head><title>${text}</title></head><body><svg><title>${text}</title></svg></body></html>`,
    );
    expect([title, body]).toEqual([text, `<svg><title>${text}</title></svg>`]);
  });
});

describe("a line break that begins an element", () => {
  it.each(["textarea", "pre"])(
    "is left out where the content of a <%s> is taken, as its parser does",
    (tag) => {
      expect(contentFor("#a", `<${tag} id="a">\n\na</${tag}>`)).toBe("\na");
      expect(contentFor("div", `<div><${tag}>\na</${tag}></div>`)).toBe(`<${tag}>\na</${tag}>`);
      expect(contentFor("div", "<div>\na</div>")).toBe("\na");
    },
  );
});
