import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cut, cutHtml } from "../../src/diff/cut-html.ts";

type Change = readonly [
  law: string,
  before: string,
  after: string,
  cuts: readonly (readonly [string, string])[],
];

function pairs(cuts: readonly Cut[] | undefined) {
  return cuts?.map(({ id, html }) => [id, html]);
}

describe("a cut is made", () => {
  const changes: readonly Change[] = [
    ["nowhere between equal texts, however written", "<b><p></b>", "<b><p></b>", []],
    [
      "at the smallest element",
      '<ul id="a"><li id="b">1</li></ul>',
      '<ul id="a"><li id="b">2</li></ul>',
      [["b", "2"]],
    ],
    [
      "at each that changed",
      "<p id=a>1</p>-<p id=b>1</p>",
      "<p id=a>2</p>-<p id=b>3</p>",
      [
        ["a", "2"],
        ["b", "3"],
      ],
    ],
    [
      "around an element that came",
      "<ul id=a></ul>",
      "<ul id=a><li id=b></li></ul>",
      [["a", "<li id=b></li>"]],
    ],
    [
      "around an attribute",
      '<div id="a"><p id="b">1</p></div>',
      '<div id="a"><p id="b" class="c">1</p></div>',
      [["a", '<p id="b" class="c">1</p>']],
    ],
    [
      "around elements that changed places",
      "<div id=a><p id=b></p><p id=c></p></div>",
      "<div id=a><p id=c></p><p id=b></p></div>",
      [["a", "<p id=c></p><p id=b></p>"]],
    ],
    [
      "once, where surroundings and content changed",
      "<div id=a>1<p id=b>1</p></div>",
      "<div id=a>2<p id=b>2</p></div>",
      [["a", "2<p id=b>2</p>"]],
    ],
    [
      "around an id that is there twice",
      "<div id=a><i id=b>1</i><i id=b>1</i></div>",
      "<div id=a><i id=b>1</i><i id=b>2</i></div>",
      [["a", "<i id=b>1</i><i id=b>2</i>"]],
    ],
    [
      "around an id that came twice elsewhere",
      "<p id=a><i id=b>1</i></p><p id=c></p>",
      "<p id=a><i id=b>2</i></p><p id=c><i id=b></i></p>",
      [
        ["a", "<i id=b>2</i>"],
        ["c", "<i id=b></i>"],
      ],
    ],
    [
      "around an id that was there twice",
      "<p id=a><i id=b>1</i></p><p id=c><i id=b>1</i></p>",
      "<p id=a></p><p id=c><i id=b>2</i></p>",
      [
        ["a", ""],
        ["c", "<i id=b>2</i>"],
      ],
    ],
    [
      "around an empty id",
      "<div id=a><i id>1</i></div>",
      "<div id=a><i id>2</i></div>",
      [["a", "<i id>2</i>"]],
    ],
    [
      "by the id as a browser reads it",
      `<b title=" id='x'" ID='a&amp;&#34;' id=b>1</b>`,
      `<b title=" id='x'" ID='a&amp;&#34;' id=b>2</b>`,
      [['a&"', "2"]],
    ],
    [
      "with the text as written",
      "<p id=a>1</p>",
      "<p id=a>&nbsp;a < b<br/><IMG src=x></p>",
      [["a", "&nbsp;a < b<br/><IMG src=x>"]],
    ],
    ["in comments", "<p id=a><!-- <b> --></p>", "<p id=a><!-- </p> --></p>", [["a", "<!-- </p> -->"]]],
    [
      "in tables",
      "<table id=t><tbody><tr id=r><td>1</td></tr></tbody></table>",
      "<table id=t><tbody><tr id=r><td>2</td></tr></tbody></table>",
      [["r", "<td>2</td>"]],
    ],
    [
      "in a row whose body is implied",
      "<table><tr id=r><td>1</td></tr></table>",
      "<table><tr id=r><td>2</td></tr></table>",
      [["r", "<td>2</td>"]],
    ],
    ["in inline elements", "<b>x <i id=a>1</i></b>", "<b>x <i id=a>2</i></b>", [["a", "2"]]],
    [
      "in drawings",
      '<svg><g id="a"><circle r="1"/></g></svg>',
      '<svg><g id="a"><circle r="2"/></g></svg>',
      [["a", '<circle r="2"/>']],
    ],
    [
      "at a select, not at its options",
      "<select id=a><option id=b>1</option></select>",
      "<select id=a><option id=b>2</option></select>",
      [["a", "<option id=b>2</option>"]],
    ],
    [
      "behind the line break that a browser drops",
      "<pre id=a>\n1</pre>",
      "<pre id=a>\n2</pre>",
      [["a", "2"]],
    ],
    [
      "around a line break that a browser drops",
      "<p></p><div id=a><pre id=b>1</pre></div>",
      "<p></p><div id=a><pre id=b>\n1</pre></div>",
      [["a", "<pre id=b>\n1</pre>"]],
    ],
    [
      "not in a permanent element",
      "<p id=a data-reflex-permanent>1<i id=b>1</i></p><p id=c>1</p>",
      "<p id=a data-reflex-permanent>2<i id=b>2</i></p><p id=c>2</p>",
      [["c", "2"]],
    ],
    [
      "nowhere when only a permanent element differs",
      "<p DATA-reflex-permanent>1</p>",
      "<p DATA-reflex-permanent>2</p>",
      [],
    ],
    [
      "in a list in an item",
      "<ul><li><ul><li id=a>1</li></ul></li></ul>",
      "<ul><li><ul><li id=a>2</li></ul></li></ul>",
      [["a", "2"]],
    ],
    [
      "beside what is inside a template",
      "<p><template><p>x</p><tr></tr></template><i id=a>1</i></p>",
      "<p><template><p>x</p><tr></tr></template><i id=a>2</i></p>",
      [["a", "2"]],
    ],
    [
      "in an element called as what every object has",
      "<constructor id=a>1</constructor>",
      "<constructor id=a>2</constructor>",
      [["a", "2"]],
    ],
  ];
  it.each(changes)("%s", (_, before, after, cuts) => {
    expect(pairs(cutHtml(before, after))).toEqual(cuts);
  });
});

describe("a cut is made around, not at,", () => {
  const contents = [
    "script",
    "style",
    "textarea",
    "title",
    "iframe",
    "template",
    "noscript",
    "noembed",
    "xmp",
  ];
  it.each(contents)("<%s>", (tag) => {
    const [before, after] = ["1", "2"].map((text) => `<div id=a><${tag} id=b>${text}</${tag}></div>`);
    expect(cutHtml(before ?? "", after ?? "")).toEqual([{ id: "a", html: `<${tag} id=b>2</${tag}>` }]);
  });

  it.each([
    ["the text of a drawing's title", "<svg><title id=b>|</title></svg>"],
    ["a formula", "<math id=b><mi id=c>|</mi></math>"],
    ["an option", "<datalist><option id=b>|</option></datalist>"],
    ["a line break that may be dropped", "<pre id=b>&#10;|</pre>"],
    ["an id inside a select", "<select><optgroup id=b><option>|</option></optgroup></select>"],
    ["an id inside a template", "<template><p id=b>|</p></template>"],
  ])("%s", (_, html) => {
    const [before, after] = ["1", "2"].map((text) => html.replace("|", text));
    const cuts = cutHtml(`<div id=a>${before}</div>`, `<div id=a>${after}</div>`);
    expect(cuts).toEqual([{ id: "a", html: after }]);
  });
});

describe("nothing is cut", () => {
  it("when something outside every element with an id changed", () => {
    expect(cutHtml("1<p id=a>1</p>", "2<p id=a>1</p>")).toBeUndefined();
    expect(cutHtml("<p id=a>1</p>", "<p id=a title=x>1</p>")).toBeUndefined();
    expect(cutHtml("<p id=a>1</p>", "<p id=b>1</p>")).toBeUndefined();
    expect(cutHtml("", "<p id=a></p>")).toBeUndefined();
  });

  const irregular =
    "<b>|</b>|<b><i></b></i>|<p><div></div></p>|<p><li></li></p>|<p><p></p></p>|<a><b><a></a></b></a>|<form><p><form></form></p></form>|" +
    "<button><i><button></button></i></button>|<li><div><li></li></div></li>|<dt><dd></dd></dt>|<h1><h2></h2></h1>|<tr></tr>|<td></td>|" +
    "<table>x</table>|<table><div></div></table>|<table><td></td></table>|<select><hr></select>|<option></option>|<rt></rt>|" +
    "<svg><p></p></svg>|<svg><foreignObject><p></p></foreignObject></svg>|<math><mi><b></b></mi></math>|<![CDATA[x]]>|<!doctype html>|" +
    "<!-->|<!-- --!> -->|<!-- |<?x?>|</ b>|</>|<body>|</body>|<html></html>|<head></head>|<image>|</br>|</input>|<div/>|" +
    "<plaintext>|<b|<b a='|<b a='1'b='2'></b>|<b \"></b>|<b =x></b>|<b id=a&copy;></b>|<b id=a&#128;></b>|<b id='\r'></b>|\0|" +
    "<script><!-- </script>|<style>|<textarea>|<noscript><i title='</noscript>'></i></noscript>|<i data-x=1/></i><svg><g r=1/></svg>|<é></é>";
  it.each(irregular.split("|"))("where a browser may build other elements than written: %j", (html) => {
    expect(cutHtml(`${html}<p id=a>1</p>`, `${html}<p id=a>2</p>`)).toBe(
      html === "" ? expect.anything() : undefined,
    );
  });

  it("where elements are deeper than browsers nest them", () => {
    const page = (depth: number, text: string) =>
      `${"<i>".repeat(depth)}<b id=a>${text}</b>${"</i>".repeat(depth)}`;
    expect(cutHtml(page(199, "1"), page(199, "2"))).toHaveLength(1);
    expect(cutHtml(page(200, "1"), page(200, "2"))).toBeUndefined();
  });
});

describe("cuts of random pages", () => {
  /** An element in two states, of which it may be missing in one. */
  interface Node {
    readonly id: number;
    readonly texts: readonly [string, string];
    readonly isMissing: readonly [boolean, boolean];
    readonly children: readonly Node[];
  }

  const text = fc.constantFrom("x", "x", "y");
  const isMissing = fc.constantFrom([false, false], [false, false], [true, false], [false, true]);
  function nodes(depth: number): fc.Arbitrary<readonly Node[]> {
    if (depth === 0) return fc.constant([]);
    const node = fc.record({
      id: fc.integer({ min: 0, max: 40 }),
      texts: fc.tuple(text, text),
      isMissing: isMissing.map(([before = false, after = false]) => [before, after] as const),
      children: nodes(depth - 1),
    });
    return fc.array(node, { maxLength: 3 });
  }

  function write(node: Node, state: 0 | 1): string {
    if (node.isMissing[state]) return "";
    const inside = node.children.map((child) => write(child, state)).join("");
    return `<div${node.id === 0 ? "" : ` id="${node.id}"`}>${node.texts[state]}${inside}</div>`;
  }
  function page(all: readonly Node[], state: 0 | 1): string {
    return `<div id="root">${all.map((node) => write(node, state)).join("")}</div>`;
  }
  const pages = nodes(4).map((all) => [page(all, 0), page(all, 1)] as const);

  /** Where the content of the element with this id is. */
  function contentOf(html: string, id: string): readonly [from: number, to: number] {
    const from = html.indexOf(`id="${id}">`) + `id="">`.length + id.length;
    let [at, depth] = [from, 1];
    for (const { 0: tag, index } of html.slice(from).matchAll(/<\/?div/g)) {
      depth += tag === "</div" ? -1 : 1;
      at = from + index;
      if (depth === 0) break;
    }
    return [from, at];
  }

  function replay(html: string, cuts: readonly Cut[]): string {
    return cuts.reduce((text, cut) => {
      const [from, to] = contentOf(text, cut.id);
      return text.slice(0, from) + cut.html + text.slice(to);
    }, html);
  }

  it("make the one text of the other, in any order", () => {
    fc.assert(
      fc.property(pages, ([before, after]) => {
        const cuts = cutHtml(before, after);
        if (cuts === undefined) throw new Error("There is an element with an id around everything");
        expect(replay(before, cuts)).toBe(after);
        expect(replay(before, cuts.toReversed())).toBe(after);
      }),
    );
  });

  it("are never inside one another, and hold a change each", () => {
    fc.assert(
      fc.property(pages, ([before, after]) => {
        const cuts = cutHtml(before, after) ?? [];
        for (const { id, html } of cuts) {
          expect(before.slice(...contentOf(before, id))).not.toBe(html);
          for (const other of cuts) expect(html).not.toContain(` id="${other.id}">`);
        }
      }),
    );
  });

  it("are smallest: none can be left for the elements with ids inside", () => {
    const once = (html: string, id: string) => html.split(` id="${id}">`).length === 2;
    fc.assert(
      fc.property(pages, ([before, after]) => {
        for (const { id, html } of cutHtml(before, after) ?? []) {
          const old = before.slice(...contentOf(before, id));
          const ids = Array.from(html.matchAll(/ id="(\d+)">/g), (match) => match[1] ?? "");
          const inside = ids.filter(
            (inner) => [before, after].every((text) => once(text, inner)) && once(old, inner),
          );
          const brought = inside.reduce((text, inner) => {
            const [from, to] = contentOf(text, inner);
            const [start, end] = contentOf(html, inner);
            return once(text, inner) ? text.slice(0, from) + html.slice(start, end) + text.slice(to) : text;
          }, old);
          expect(brought).not.toBe(html);
        }
      }),
    );
  });
});
