import fc from "fast-check";

// Random pages of HTML that no template made: well-formed as hono/jsx writes it, and malformed in every way that
// browsers repair. Ids are few, so that elements of two states have them in common, and some are there twice.

/** One state of a page: what belongs into its body, and whether it was written without mistakes. */
export interface OpaquePage {
  readonly html: string;
  readonly isRegular: boolean;
}

const word = fc.constantFrom(
  "",
  "a",
  "b",
  " ",
  "x &amp; y",
  "&lt;b&gt;",
  "&copy",
  "1 < 2",
  "\n",
  "\r\n",
  "é",
  "&#10;",
);
const comment = fc.constantFrom("<!-- c -->", "<!---->", "<!-- <b> -->");
const idText = fc
  .oneof(
    { weight: 30, arbitrary: fc.integer({ min: 10, max: 9999 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }) },
  )
  .map((n) => `i${n}`);
const id = fc.oneof(
  { weight: 5, arbitrary: idText.map((text) => ` id="${text}"`) },
  { weight: 1, arbitrary: idText.map((text) => ` class='k' ID=${text} title="a > b"`) },
  { weight: 1, arbitrary: idText.map((text) => ` title=' id="i1" ' id="a&amp;${text}" id="i2"`) },
  { weight: 4, arbitrary: fc.constantFrom("", " hidden", ' class="k"', " data-x=1/") },
);

const inlineTags = fc.constantFrom("b", "i", "span", "em", "label", "font", "x-y", "small", "ins");
const blockTags = fc.constantFrom(
  "div",
  "section",
  "main",
  "article",
  "x-panel",
  "fieldset",
  "object",
  "center",
);

function join(parts: readonly string[]): string {
  return parts.join("");
}

function some(part: fc.Arbitrary<string>, maxLength = 4): fc.Arbitrary<string> {
  return fc.array(part, { maxLength }).map(join);
}

/** An element with an end tag. */
function element(tag: fc.Arbitrary<string> | string, content: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const name = typeof tag === "string" ? fc.constant(tag) : tag;
  return fc
    .tuple(name, id, content)
    .map(([tag, attributes, inside]) => `<${tag}${attributes}>${inside}</${tag}>`);
}

const leafs = fc.oneof(word, word, comment);
const space = fc.constantFrom("", " ", "\n ", "<!-- t -->");
const voids = fc
  .tuple(fc.constantFrom("br", "hr", "img", "input", "wbr"), id)
  .map(([tag, attributes]) => `<${tag}${attributes}>`);
const inlineVoids = fc
  .tuple(fc.constantFrom("br", "img", "input"), id, fc.constantFrom("", " /"))
  .map(([tag, attributes, slash]) => `<${tag}${attributes}${slash}>`);

const option = element("option", fc.constantFrom("one", "two", ""));
const select = element("select", some(fc.oneof(option, element("optgroup", some(option)))));
const raw = fc.oneof(
  element("script", fc.constantFrom("", "let a = '<b id=i3>'", "// </b>")).map((html) =>
    html.replace("<script", '<script type="text/x"'),
  ),
  element("style", fc.constantFrom("", "b > i {}", "/* <i> */")),
  element("textarea", fc.constantFrom("", "\n", "\n\nx", "&amp; <b id=i4>", "x\r\ny")),
  element("noembed", fc.constantFrom("", "<p>")),
  element("template", fc.constantFrom("", "<p id=i5>in</p>", "<tr><td></td></tr>")),
);
const shape = fc.oneof(
  fc.tuple(id, fc.integer({ min: 1, max: 3 })).map(([attributes, r]) => `<circle${attributes} r="${r}"/>`),
  element("text", leafs),
  element("title", word),
  element("style", fc.constantFrom("", "a &gt; b {}")),
);
const drawing = element("svg", some(fc.oneof(shape, element("g", some(shape)), element("a", some(shape)))));
const formula = element("math", fc.constantFrom("<mi>x</mi>", "<mrow><mn id=i6>1</mn><mo>+</mo></mrow>"));

const { phrase, flow } = fc.letrec<{
  phrase: string;
  inline: string;
  flow: string;
  block: string;
  cell: string;
}>((tie) => {
  const row = element("tr", some(fc.oneof(tie("cell"), space)));
  const section = element(fc.constantFrom("tbody", "thead"), some(fc.oneof(row, space)));
  const item = element("li", tie("flow"));
  return {
    phrase: some(tie("inline")),
    inline: fc.oneof(
      { maxDepth: 4 },
      leafs,
      inlineVoids,
      element(inlineTags, tie("phrase")),
      select,
      raw,
      drawing,
      formula,
      element("ruby", some(fc.oneof(word, element("rt", word)))),
      element("button", word),
    ),
    flow: some(tie("block")),
    cell: element(fc.constantFrom("td", "th"), tie("flow")),
    block: fc.oneof(
      { maxDepth: 4 },
      tie("inline"),
      voids,
      element("p", tie("phrase")),
      element(blockTags, tie("flow")),
      element(blockTags, tie("flow")),
      element(fc.constantFrom("b", "span"), tie("flow")),
      element(fc.constantFrom("h1", "h2"), tie("phrase")),
      element(fc.constantFrom("ul", "ol"), some(fc.oneof(item, space))),
      element("dl", some(fc.oneof(element("dt", tie("phrase")), element("dd", tie("flow"))))),
      element(
        "pre",
        fc.tuple(fc.constantFrom("", "", "\n", "\n\n", "\r\n", "\r\r", "&#10;"), tie("phrase")).map(join),
      ),
      element("table", some(fc.oneof(section, section, row, space, element("caption", tie("phrase"))))),
      element("datalist", some(option)),
    ),
  };
});

/** What a browser mends, each in its own way, or reads otherwise than it looks. */
const mistake = fc.constantFrom(
  ..."<b>|</b>|<i>|</i>|<p>|</p>|<div id=i7>|</div>|<li id=i8>x|</li>|<table>|</table>|<tr id=i9><td>x|<td id=i1>|</tbody>".split(
    "|",
  ),
  ..."<a id=i2>|</a>|<a href=x><a id=i3>y</a></a>|<button id=i4>|</button>|<form id=i5>|</form>|<select>|</select>|<option id=i6>".split(
    "|",
  ),
  ..."<svg>|</svg>|<svg><p id=i7>|<math><mi>|<svg><foreignObject>|<![CDATA[<p>]]>|<!-- x --!>|<!-->|<!x>|<?x?>|</ p>|</>".split(
    "|",
  ),
  ..."<body id=i8>|</body>|<html>|<head>|<image id=i9>|</br>|</input>|<div/>|<hr></hr>|<plaintext>|<frameset>|<nobr id=i1>".split(
    "|",
  ),
  ..."<b id>x</b>|<p id=''>|<textarea>|</textarea>|<script>|</script>|<style>|<title>|<template>|</template>|<noembed>|<xmp>".split(
    "|",
  ),
  ..."<h1 id=i2>|<h2>|</h1>|<dd id=i3>|<dt>|<rt>|<rp>|<ruby>|<colgroup>|<col id=i4>|<caption id=i5>|<optgroup>|<object id=i6>|<marquee>".split(
    "|",
  ),
  ..."<|<a|<a b='|<div id=\"|&|&am|\0|<div id=i&#55;>x</div>|<span id=&copy;>|<div id='i1'title=x>|<b a=1/>|<x-y id=i7".split(
    "|",
  ),
  ..."<div>x</div>|<ul><li id=i9>x</li></ul>|<p>x</p>|<h2>x</h2>|<a>x</a>|<button>x</button>|<td>x</td>|<tr></tr>".split(
    "|",
  ),
  ..."<p><table></table></p>|<p><ul id=i8><li>x</li></ul></p>|<b><p id=i9>x</b>y</p>|<li><div><li id=i1>x</li></div></li>".split(
    "|",
  ),
  ..."<table><tr id=i2><td>x</table>|<table>x<tr></tr></table>|<table><div id=i3>x</div></table>|<select><div id=i4>x</div></select>".split(
    "|",
  ),
  ..."<select><hr><option id=i5>a<option>b</select>|<table><input type=hidden id=i6></table>|<constructor id=i7>x</constructor>".split(
    "|",
  ),
);

/** Puts mistakes where tags begin or end. */
function spoil(html: string, mistakes: readonly (readonly [place: number, text: string])[]): string {
  return mistakes.reduce((text, [place, inserted]) => {
    const at = Math.round(place * text.length);
    const tag = text.indexOf("<", at);
    return tag === -1 ? text + inserted : text.slice(0, tag) + inserted + text.slice(tag);
  }, html);
}

const place = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

const regular = flow.map((html) => ({ html, isRegular: true }));
const malformed = fc
  .tuple(flow, fc.array(fc.tuple(place, mistake), { minLength: 1, maxLength: 3 }))
  .map(([html, mistakes]) => ({ html: spoil(html, mistakes), isRegular: false }));

/** Any text between two tags, and such as stands where words and elements may. */
const ANY_TEXT = />([^<>]*)</g;
const FLOW_TEXT = /<(?:b|dd|div|em|h1|label|li|p|pre|section|span|td|th|x-panel|x-y)\b[^<>]*>([^<>]*)(?=<)/g;

/** Changes texts of a page as a new render would, here and there: to words, and to whole elements. */
function change(html: string, places: RegExp, changes: readonly (readonly [number, string])[]): string {
  return changes.reduce((text, [place, inserted]) => {
    const texts = Array.from(text.matchAll(places));
    const chosen = texts[Math.round(place * (texts.length - 1))];
    if (chosen === undefined) return text;
    const [all, old = ""] = chosen;
    const from = chosen.index + all.lastIndexOf(">") + 1;
    return text.slice(0, from) + inserted + text.slice(from + old.length);
  }, html);
}

/** Two to four states of a page, most of which differ little, as those of real pages do. */
function states(
  page: fc.Arbitrary<OpaquePage>,
  places: RegExp,
  added: fc.Arbitrary<string>,
): fc.Arbitrary<readonly OpaquePage[]> {
  const changes = fc.array(fc.tuple(place, added), { maxLength: 2 });
  return fc.tuple(page, fc.array(changes, { minLength: 1, maxLength: 3 })).map(([first, steps]) => {
    const all = [first];
    for (const step of steps) {
      const { html, isRegular } = all.at(-1) ?? first;
      all.push({ html: change(html, places, step), isRegular: isRegular && places === FLOW_TEXT });
    }
    return all;
  });
}

const fresh = fc.oneof(word, element(inlineTags, word), inlineVoids);

/** Two to four states that follow one another. */
export const opaquePages: fc.Arbitrary<readonly OpaquePage[]> = fc.oneof(
  { weight: 4, arbitrary: states(regular, FLOW_TEXT, fresh) },
  { weight: 3, arbitrary: states(malformed, ANY_TEXT, fc.oneof(word, phrase)) },
  { weight: 2, arbitrary: states(regular, ANY_TEXT, fc.oneof(word, phrase, mistake)) },
  { weight: 1, arbitrary: fc.array(fc.oneof(regular, malformed), { minLength: 2, maxLength: 4 }) },
);
