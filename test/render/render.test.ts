import fc from "fast-check";
import { html as honoHtml, raw } from "hono/html";
import { jsx } from "hono/jsx";
import { describe, expect, it } from "vitest";
import { encodeKey, itemAddress, renderPage, renderTitle, renderToString } from "../../src/render/render.ts";
import { TemplateError } from "../../src/render/template-error.ts";
import { html, keyed, type Part, unsafeHtml } from "../../src/render/view.ts";
import { viewOf } from "../support/view-of.ts";

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

  it("may stand in an attribute that only begins like an event handler", () => {
    expect(renderToString(html`<p only="${x}">`)).toBe('<p only="x">');
    expect(() => renderToString(html`<p onlyx="${x}">`)).toThrow(TemplateError);
  });

  it("may follow where such a place has ended", () => {
    expect(
      renderToString(html`<script>1<2</script><!-- - --><style></style>${x}<p title="a>b">${x}</p> 1 < ${x}`),
    ).toBe('<script>1<2</script><!-- - --><style></style>x<p title="a>b">x</p> 1 < x');
  });
});

describe("an address in parts", () => {
  const ATTRIBUTES = ["href", "HREF", "src", "action", "formaction", "xlink:href", "data", "poster"];
  const skipped = fc.string({ unit: fc.constantFrom(..."\t\n\r"), maxLength: 2 });
  const letters = Array.from("javascript:", (letter) =>
    fc.tuple(fc.constantFrom(letter, letter.toUpperCase()), skipped).map(([one, behind]) => one + behind),
  );
  const before = fc.string({ unit: fc.constantFrom(..."\u0001\u001f \t\n"), maxLength: 3 });
  const disguised = fc.tuple(before, ...letters).map((pieces) => `${pieces.join("")}alert(1)`);

  it("never leads to a script, however the scheme is disguised, quoted, and cut into parts", () => {
    const quote = fc.constantFrom('"', "'", "");
    const cuts = fc.array(fc.nat(30), { maxLength: 3 });
    fc.assert(
      fc.property(disguised, quote, cuts, fc.constantFrom(...ATTRIBUTES), (address, quote, cuts, name) => {
        expect(new URL(address).protocol).toBe("javascript:");
        const places = [0, ...cuts.toSorted((a, b) => a - b), address.length];
        const parts = places.slice(1).map((to, index) => address.slice(places[index], to));
        const strings = [`<a ${name}=${quote}`, ...parts.slice(1).map(() => ""), `${quote}>`];
        expect(renderToString(viewOf(strings, parts))).toBe(`<a ${name}="about:invalid#refused">`);
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
      '<head><meta></head><body><p data-r="1">1</p>a<b></b><ul data-r="3/"><li data-r="3:k%2e1"><i data-r="3:k%2e1.0"></i>k.1</li></ul></body>',
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
    expect(renderToString(view)).toBe(
      '<animate values="a;&quot;&gt;&lt;img src=x onerror=1&gt;;about:invalid#refused">',
    );
    expect(renderToString(html`<a href="&Tab;${"java"}script:x&#32;">`)).toBe(
      '<a href="about:invalid#refused">',
    );
  });

  const forged = ['{"isEscaped":true,"toString":"<img>"}', '{"isEscaped":true}', '{"isEscaped":"yes"}'];
  it.each(forged)("is no HTML because it is marked as escaped: data has no methods: %s", (json) => {
    expect(() => renderToString(html`<p>${JSON.parse(json)}</p>`)).toThrow(TemplateError);
  });

  it("is a promise, of which the message says what to do", () => {
    const awaitIt = /Part 1 of the template `<p>.*`: cannot show a promise \(await it/;
    const component = jsx(async () => await Promise.resolve(jsx("p", {})), {});
    for (const promise of [Promise.resolve("x"), honoHtml`${Promise.resolve("x")}`, component]) {
      expect(() => renderToString(html`<p>${promise as Part}</p>`)).toThrow(awaitIt);
    }
  });
});

describe("the address of an item", () => {
  const key = fc.string({ unit: fc.constantFrom(..."ab%25e.:-3 ") });

  it("is another for another key, and has nothing in the key's place that separates addresses", () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(encodeKey(one)).not.toMatch(/[.:]/);
        expect(itemAddress("3", one) === itemAddress("3", other)).toBe(one === other);
      }),
    );
  });
});
