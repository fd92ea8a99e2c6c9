import fc from "fast-check";
import { html as honoHtml, raw } from "hono/html";
import { jsx } from "hono/jsx";
import { parseHTML } from "linkedom/worker";
import { describe, expect, it } from "vitest";
import { escapeHtml } from "../../src/render/escape.ts";
import { renderPage, renderTitle, renderToString } from "../../src/render/render.ts";
import { TemplateError } from "../../src/render/template-error.ts";
import { html, keyed, type Part, unsafeHtml } from "../../src/render/view.ts";

/** The parts of hostile tests: what breaks out of text or attributes when it is not escaped. */
const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '"><img src=x onerror=1>',
    "'><b>",
    "</textarea><b>",
    "</title><b>",
    "<!--",
    "a b=c",
    "`",
    "&lt;",
  ),
);

describe("a part in content", () => {
  const cases: readonly (readonly [string, Part, string])[] = [
    ["text", "a < b & c", "a &lt; b &amp; c"],
    ["a number", 0, "0"],
    ["a bigint", 10n, "10"],
    ["null", null, ""],
    ["undefined", undefined, ""],
    ["false", false, ""],
    ["a view", html`<b>${"<"}</b>`, "<b>&lt;</b>"],
    ["a list of parts", ["a", 1, null, [html`<i></i>`]], "a1<i></i>"],
    ["trusted html", unsafeHtml("<hr>"), "<hr>"],
    ["a keyed list", keyed([1, 2], String, (n) => html`<li>${n}</li>`), "<li>1</li><li>2</li>"],
    ["hono's html", honoHtml`<u>${"<"}</u>`, "<u>&lt;</u>"],
    ["hono's raw", raw("<u>"), "<u>"],
    ["a hono/jsx element", jsx("p", { title: "t" }, "a < b"), '<p title="t">a &lt; b</p>'],
  ];
  it.each(cases)("shows %s", (_, part, shown) => {
    expect(renderToString(html`<p>${part}</p>`)).toBe(`<p>${shown}</p>`);
  });

  const refused = [{ a: 1 }, () => 1, Symbol("s"), Promise.resolve(html``), new Date(0)];
  it.each(refused.map((value) => [typeof value, value]))("refuses a value it cannot show: %s", (_, value) => {
    // What the compiler refuses too: the value of an application that is not checked.
    const view = html`<p>first ${"ok"}</p><p>second ${value as unknown as Part}</p>`;
    expect(() => renderToString(view)).toThrow(TemplateError);
    expect(() => renderToString(view)).toThrow(/^Part 2 of the template `.*second \$\{\?\}.*`: cannot show/);
  });
});

describe("a part in an attribute", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["a quoted value", renderToString(html`<p title="${'"<'}">`), '<p title="&quot;&lt;">'],
    ["single quotes", renderToString(html`<p title='a"${"'"}'>`), '<p title="a&quot;&#39;">'],
    ["no quotes", renderToString(html`<p title=${"a b"} id=x>`), '<p title="a b" id=x>'],
    ["no quotes before a slash", renderToString(html`<input value=${"a"}/>`), '<input value="a"/>'],
    ["spaces around the equals sign", renderToString(html`<p title = "${"a"}">`), '<p title="a">'],
    ["text around it", renderToString(html`<p class="a ${"b"} c${1}">`), '<p class="a b c1">'],
    ["true", renderToString(html`<input disabled=${true}>`), '<input disabled="">'],
    ["false", renderToString(html`<input disabled=${false}>`), "<input>"],
    ["nothing", renderToString(html`<input value=${null} title="${undefined}">`), "<input>"],
    [
      "aria",
      renderToString(html`<p aria-busy=${false} data-on=${true}>`),
      '<p aria-busy="false" data-on="true">',
    ],
    ["draggable", renderToString(html`<p draggable=${false}>`), '<p draggable="false">'],
    ["words", renderToString(html`<p class=${["a", false, "b"]}>`), '<p class="a b">'],
    ["no words", renderToString(html`<p class=${[false]}>`), "<p>"],
    [
      "a script address",
      renderToString(html`<a href="${"javascript:x"}">`),
      '<a href="about:invalid#refused">',
    ],
    [
      "one in two parts",
      renderToString(html`<a href="${"java"}${"script:x"}">`),
      '<a href="about:invalid#refused">',
    ],
    [
      "one that is animated",
      renderToString(html`<set to="${"javascript:x"}">`),
      '<set to="about:invalid#refused">',
    ],
    [
      "a path behind text",
      renderToString(html`<a href="/a?b=${"javascript:"}">`),
      '<a href="/a?b=javascript:">',
    ],
  ];
  it.each(cases)("is written for %s", (_, written, expected) => {
    expect(written).toBe(expected);
  });

  it("refuses markup", () => {
    expect(() => renderToString(html`<p title="${html`<b></b>`}">`)).toThrow(/Part 1 .* in an attribute/);
  });
});

describe("a part where nothing can be escaped", () => {
  const x = "x";
  const refused: readonly (readonly [string, () => string])[] = [
    ["a tag name", () => renderToString(html`<${x}>`)],
    ["a piece of a tag name", () => renderToString(html`<h${x}>`)],
    ["an end tag", () => renderToString(html`<b></${x}>`)],
    ["an attribute name", () => renderToString(html`<p ${x}>`)],
    ["a piece of an attribute name", () => renderToString(html`<p data-${x}="1">`)],
    ["behind an attribute name", () => renderToString(html`<p hidden ${x}>`)],
    ["a comment", () => renderToString(html`<!-- ${x} -->`)],
    ["a bogus comment", () => renderToString(html`</3 ${x}>`)],
    ["a declaration", () => renderToString(html`<!doctype ${x}>`)],
    ["a script", () => renderToString(html`<script>${x}</script>`)],
    ["a script with a slash in its tag", () => renderToString(html`<script/async>${x}</script>`)],
    ["a script behind what does not end it", () => renderToString(html`<script>"</scripty>"${x}</script>`)],
    ["a style sheet", () => renderToString(html`<style>${x}</style>`)],
    ["an upper-case script", () => renderToString(html`<SCRIPT>${x}</SCRIPT>`)],
    ["an event handler", () => renderToString(html`<p onclick="${x}">`)],
    ["an event handler with spaces", () => renderToString(html`<p onclick = "1 > 0;${x}">`)],
    ["an event handler behind a slash", () => renderToString(html`<p/onclick="1>0;${x}">`)],
    ["srcdoc", () => renderToString(html`<iframe srcdoc="${x}">`)],
    ["markup in a title", () => renderToString(html`<title>${html`<b></b>`}</title>`)],
    ["markup in a textarea", () => renderToString(html`<textarea>${unsafeHtml("<b>")}</textarea>`)],
  ];
  it.each(refused)("is refused: %s", (_, write) => {
    expect(write).toThrow(TemplateError);
    expect(write).toThrow(/^Part 1 of the template `/);
  });

  it("may follow where such a place has ended", () => {
    expect(
      renderToString(html`<script>1<2</script><!-- - --><style></style>${x}<p title="a>b">${x}</p> 1 < ${x}`),
    ).toBe('<script>1<2</script><!-- - --><style></style>x<p title="a>b">x</p> 1 < x');
  });
});

describe("any text in any place", () => {
  it("stays text: a parser finds the elements of the template and no other, and reads the text back", () => {
    fc.assert(
      fc.property(hostile, hostile, (first, second) => {
        const [a, b] = [first, second].map((text) => text.replace(/[\0\r]/g, "")) as [string, string];
        const view = html`<html><body><p title="${a}" name=${b} lang='x${a}y'>${b}</p><textarea>x${a}</textarea></body></html>`;
        const { document } = parseHTML(renderToString(view));
        expect(Array.from(document.querySelectorAll("body *"), (element) => element.localName)).toEqual([
          "p",
          "textarea",
        ]);
        const p = document.querySelector("p");
        expect([p?.getAttribute("title"), p?.getAttribute("name"), p?.textContent]).toEqual([a, b, b]);
        expect(p?.getAttributeNames().sort()).toEqual(["lang", "name", "title"]);
        // This parser, unlike browsers, does not undo entities in a textarea.
        expect(document.querySelector("textarea")?.textContent).toBe(`x${escapeHtml(a)}`);
      }),
    );
  });
});

describe("renderPage", () => {
  it("finds body and title, and not the title of a drawing", () => {
    const { html: text, marks } = renderPage(
      html`<html><head><title>a ${"<"}</title></head><body class="${"x"}"><svg><title>icon</title></svg></body></html>`,
    );
    expect(text.slice(marks.titleStart, marks.titleEnd)).toBe("a &lt;");
    expect(text.slice(marks.bodyStart, marks.bodyEnd)).toBe("<svg><title>icon</title></svg>");
    expect(renderPage(html`<body><svg><title>icon</title></svg></body>`).marks.titleStart).toBeUndefined();
  });

  it("gives single elements an address in the body, the same at every render, and none in the head", () => {
    const page = () =>
      html`<head>${html`<meta>`}</head><body>${html`<p>${1}</p>`}${html`a<b></b>`}<ul>${keyed(
        ["k.1"],
        String,
        (key) => html`
        <li>${html`<i></i>`}${key}</li>
      `,
      )}</ul></body>`;
    const { html: text } = renderPage(page());
    expect(text).toBe(
      '<head><meta></head><body><p data-r="1">1</p>a<b></b><ul><li data-r="3:k%2e1"><i data-r="3:k%2e1.0"></i>k.1</li></ul></body>',
    );
    expect(renderPage(page()).html).toBe(text);
  });
});

describe("renderTitle", () => {
  it("writes the layout's title alone", () => {
    expect(renderTitle(html`<head><title>${"a & b"} – site</title></head><body></body>`)).toBe(
      "a &amp; b – site",
    );
    expect(renderTitle(html`<body></body>`)).toBeUndefined();
  });
});

describe("a value that tries to pass for something else", () => {
  it("is escaped behind a refused address too", () => {
    const view = html`<animate values="a;${'"><img src=x onerror=1>;javascript:x'}">`;
    expect(renderToString(view)).not.toContain("<img");
    expect(renderToString(html`<a href="&Tab;${"java"}script:x&#32;">`)).toBe(
      '<a href="about:invalid#refused">',
    );
  });

  it("is no HTML because it is marked as escaped: data has no methods", () => {
    const forged = JSON.parse('{"isEscaped":true,"toString":"<img src=x onerror=1>"}');
    expect(() => renderToString(html`<p>${forged}</p>`)).toThrow(TemplateError);
  });
});
