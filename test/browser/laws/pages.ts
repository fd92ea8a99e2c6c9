import fc from "fast-check";
import { renderToString } from "../../../src/render/render.ts";
import { html, keyed, type Part, unsafeHtml, type View } from "../../../src/render/view.ts";

// Random pages of every shape that templates come in. Each state of a page is drawn by itself, so that between two
// states anything may have become anything else.

const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom("", " ", "a < b & c", '"quoted"', "&amp;", "<b>no</b>", "é\u{1f600}"),
);
const nothing = fc.constantFrom(null, undefined, false);
/** What shows text, or nothing. */
export const leaf: fc.Arbitrary<Part> = fc.oneof(text, fc.integer({ min: 0, max: 99 }), nothing);
const attribute = fc.oneof(text, fc.boolean(), nothing, fc.integer({ min: 0, max: 9 }));
const key = fc.integer({ min: 0, max: 12 });

function list(item: fc.Arbitrary<View>): fc.Arbitrary<Part> {
  const entries = fc.uniqueArray(fc.record({ key, item }), { selector: (entry) => entry.key, maxLength: 8 });
  return entries.map((all) =>
    keyed(
      all,
      (entry) => entry.key,
      (entry) => entry.item,
    ),
  );
}

const row = fc
  .tuple(leaf, leaf, attribute)
  .map(([a, b, c]) => html`<tr class="row ${c}"><td>${a}</td><td title=${c}><i>${b}</i> and ${a}</td></tr>`);
const option = fc
  .tuple(text, attribute)
  .map(([a, c]) => html`<option value="${a}" data-x=${c}>${a}</option>`);
const circle = fc.integer({ min: 1, max: 9 }).map((r) => html`<circle cx="5" r="${r}" />`);
const oneLine = fc.tuple(leaf, leaf).map(([a, b]) => html`<li>${a}, ${b}</li>`);
const broken = fc.tuple(leaf, leaf).map(
  ([a, b]) => html`
    <li data-a="${a}"><b>${b}</b></li>
  `,
);
const manyRooted = fc.tuple(leaf, leaf).map(([a, b]) => html`<dt>${a}</dt><dd>${b}</dd>`);
const paragraph = fc
  .tuple(leaf, fc.constantFrom("<i>inline</i>", "<ul><li>block</li></ul>", "plain"))
  .map(([a, made]) => html`<div><p>${unsafeHtml(made)}</p><i title=${a}>${a}</i></div>`);
const textOnly = leaf.map((a) => html`just ${a} text`);
const unclosed = fc.tuple(leaf, leaf).map(([a, b]) => html`<ul><li>${a}<li>${b}</ul>`);
const implied = fc
  .tuple(leaf, leaf)
  .map(([a, b]) => html`<table><tr><td>${a}</td></tr><tr><td>${b}</td></tr></table>`);
const area = fc.tuple(leaf, attribute).map(([a, c]) => html`<textarea rows=${c}>x${a}</textarea>`);
const bareArea = text.map((a) => html`<p><textarea>${`\n${a}`}</textarea></p>`);
const preformatted = fc.tuple(text, leaf).map(
  ([a, b]) => html`<div><pre>
${a} and <b>${b}</b></pre><textarea>
${b}</textarea><pre>

${`\n${a}`}</pre></div>`,
);
const fixed = html`<p>always the same</p>`;

/** HTML that was made elsewhere, to be cut at its ids; some of them are there twice. */
const opaque = fc
  .record({ id: fc.integer({ min: 0, max: 9 }), outer: fc.integer({ min: 0, max: 2 }), inner: text })
  .map(({ id, outer, inner }) => {
    const escaped = renderToString(inner);
    return unsafeHtml(
      `<div id="o${id}" class="c${outer}"><i>${outer}</i><p id="q${id}">${escaped}</p></div>`,
    );
  });

/** What stands in pages: anything that templates make. */
export const { block } = fc.letrec<{ block: View; child: Part }>((tie) => ({
  child: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    leaf,
    tie("block"),
    list(tie("block").map((view) => html`<section>${view}</section>`)),
    fc.array(fc.oneof(leaf, oneLine), { maxLength: 3 }),
    fc.constantFrom(
      unsafeHtml("<u>made</u>"),
      unsafeHtml("made <u>too</u>"),
      unsafeHtml("<b>never ended"),
      unsafeHtml("</div></main>ended too often<hr>"),
    ),
    opaque,
  ),
  block: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    oneLine,
    broken,
    manyRooted,
    textOnly,
    unclosed,
    implied,
    paragraph,
    area,
    bareArea,
    preformatted,
    fc.constant(fixed),
    list(row).map((rows) => html`<table><thead><tr><th>head</th></tr></thead><tbody>${rows}</tbody></table>`),
    fc.tuple(list(option), leaf).map(([options, a]) => html`<p>${a}<select>${options}</select></p>`),
    list(circle).map((circles) => html`<svg viewBox="0 0 10 10"><g>${circles}</g></svg>`),
    fc
      .tuple(list(oneLine), list(broken))
      .map(([one, two]) => html`<ul><li>first</li>${one}${two}<li>last</li></ul>`),
    fc.tuple(tie("child"), tie("child"), leaf).map(([a, b, c]) => html`<div><h2>${c}</h2>${a}<hr>${b}</div>`),
    fc.tuple(tie("child"), leaf).map(([a, b]) => html`<main>${a}</main><p>after ${b}</p>`),
    fc
      .tuple(tie("child"), attribute)
      .map(([a, c]) => html`<article hidden=${c} data-c="x${c}y">${a}</article>`),
  ),
}));

/** One state of a page, in a layout as an application's. */
export const page: fc.Arbitrary<View> = fc.tuple(block, leaf, leaf).map(
  ([
    content,
    title,
    note,
  ]) => html`<!doctype html><html><head><title>${title}</title></head><body class="${note}">
<header>${note}</header>${content}<footer>end</footer></body></html>`,
);
