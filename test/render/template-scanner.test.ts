import fc from "fast-check";
import { parseHTML } from "linkedom/worker";
import { describe, expect, it } from "vitest";
import { renderToString } from "../../src/render/render.ts";
import { html } from "../../src/render/view.ts";
import { viewOf } from "../support/view-of.ts";

interface Parsed {
  readonly localName: string;
  readonly children: Iterable<Parsed>;
  getAttributeNames(): readonly string[];
}

/** The elements of a page with the names of their attributes: what a value must not change. */
function shapeOf(element: Parsed): unknown {
  return [element.localName, [...element.getAttributeNames()].sort(), Array.from(element.children, shapeOf)];
}

function parse(body: string) {
  return parseHTML(`<html><body>${body}</body></html>`).document.body;
}

/** What breaks out of a place where it is not escaped, and every character that any place gives a meaning. */
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."<>\"'&;=/!-` \n\tax") }),
  fc.constantFrom(
    '"><img src=x onerror=1>',
    "'><img src=x onerror=1>",
    " onclick=1 ",
    "</textarea><img>",
    "</title><img>",
    "/textarea ",
    "--><img>",
    'javascript:1;"><img>',
    '"><img>;javascript:1',
    "&quot;><img>",
  ),
);

/** Whole pieces of HTML with one part each: in content, in text, and in a value of every quoting. */
const PIECES = [
  ["<p>", "</p>"],
  ["<b>a ", " b</b>"],
  ["1 < 2 ", ""],
  ["<textarea>", "</textarea>"],
  ["<textarea><i a=", "></textarea>"],
  ["<textarea>a <", "</textarea>"],
  ["<svg><title>", "</title></svg>"],
  ["<pre>", "</pre>"],
  ['<p title="', '">x</p>'],
  ["<p title='", "'>x</p>"],
  ["<p title=", ">x</p>"],
  ["<p title = ", " hidden>x</p>"],
  ["<input value=", "/>"],
  ["<br/title=", ">"],
  ['<p\nclass="a ', '"\nid=x>x</p>'],
  ["<p title='a\"", "'>x</p>"],
  ["<p title=a'", " hidden>x</p>"],
  ['<a href="', '">x</a>'],
  ['<a href="/a?b=1&amp;c=', '">x</a>'],
  ["<a href=", ">x</a>"],
  ['<animate values="1;', ';2">'],
  ["<set to=", ">"],
  ["<!-- <p --><i>", "</i>"],
  ["<script>'<p>'</script><style>b{}</style><i>", "</i>"],
  ["</3 a><i>", "</i>"],
] as const;

describe("a part, wherever it may stand", () => {
  it("adds no element and no attribute to its template, whatever it shows", () => {
    const piece = fc.tuple(fc.constantFrom(...PIECES), hostile);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const strings = pieces.flatMap(([[before], _], index) => [
          (index === 0 ? "" : pieces[index - 1]?.[0][1]) + before,
        ]);
        strings.push(pieces.at(-1)?.[0][1] ?? "");
        const shape = (values: readonly string[]) => shapeOf(parse(renderToString(viewOf(strings, values))));
        expect(shape(pieces.map(([, value]) => value))).toEqual(shape(pieces.map(() => "x")));
      }),
      { numRuns: 500 },
    );
  });

  it("shows its text as it is: in content, in values however quoted, and in elements of text", () => {
    // Browsers read these two as a line break and as a replacement character, escaped or not.
    const text = fc
      .oneof(hostile, fc.string({ unit: "binary" }))
      .map((value) => value.replace(/[\0\r]/g, ""));
    fc.assert(
      fc.property(text, (value) => {
        const page = parse(
          renderToString(
            html`<p>${value}</p><p title="${value}"></p><p title='${value}'></p><p title=${value}></p><p title=a${value}></p><pre>${value}</pre>`,
          ),
        );
        const [p, ...titled] = page.querySelectorAll("p");
        expect(p?.textContent).toBe(value);
        expect(titled.map((element) => element.getAttribute("title"))).toEqual([
          value,
          value,
          value,
          `a${value}`,
        ]);
        // This parser, unlike browsers, keeps a line break that begins an element.
        expect(page.querySelector("pre")?.textContent).toBe(`\n${value}`);
        for (const tag of ["textarea", "title"]) {
          const written = renderToString(viewOf([`<${tag}>`, `</${tag}>`], [value]));
          const inside = written.slice(`<${tag}>`.length, -`</${tag}>`.length);
          // Nor does it undo entities in these: the same text is read back from where it does.
          expect(inside).not.toContain("<");
          expect(parse(`<p>${inside}</p>`).querySelector("p")?.textContent).toBe(
            tag === "textarea" ? `\n${value}` : value,
          );
        }
      }),
    );
  });
});

describe("text of the template", () => {
  const kept = [
    [
      "a textarea that ends with a bracket",
      html`<textarea>a->${"b"}</textarea>`,
      "<textarea>a->b</textarea>",
    ],
    ["a textarea with two parts", html`<textarea>${"a"}${"b"}</textarea>`, "<textarea>\nab</textarea>"],
    ["a textarea that begins with text", html`<textarea>a${"b"}</textarea>`, "<textarea>ab</textarea>"],
    [
      "a textarea with an attribute",
      html`<textarea id=${"i"}>${"b"}</textarea>`,
      '<textarea id="i">\nb</textarea>',
    ],
    ["what follows a textarea", html`<textarea></textarea>${"b"}`, "<textarea></textarea>b"],
    ["a tag in a textarea", html`<textarea><b>${"x"}</b></textarea>`, "<textarea>&lt;b>x&lt;/b></textarea>"],
    ["no-break spaces around a root", html`\u00a0<b>${"x"}</b>\u00a0`, "\u00a0<b>x</b>\u00a0"],
    ["a single bracket", html`<p>1 < ${2} <</p>`, "<p>1 < 2 <</p>"],
  ] as const;
  it.each(kept)("is written as its author means: %s", (_, view, expected) => {
    expect(renderToString(view)).toBe(expected);
  });
});
