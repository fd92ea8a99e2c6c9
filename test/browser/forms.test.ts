import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entryPoints = ["test/browser/laws/forms-entry.ts"];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  browser = await launchBrowser();
  page = await browser.newPage();
  // Nothing of this leaves the browser: every address answers with an empty page.
  await page.route("**/*", (route) =>
    route.fulfill({ contentType: "text/html; charset=utf-8", body: "<!doctype html>" }),
  );
  await page.goto("http://forms.example/");
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
afterAll(() => browser.close());

type Fields = readonly (readonly [string, string])[];

/** What the client says of a form, and what the browser submits of the same. */
async function both(
  html: string,
  submitter?: string,
): Promise<{ readonly ours: Fields; readonly theirs: Fields }> {
  return await page.evaluate(
    async ([html, submitter]) => {
      const ours = Reflect.get(window, "fields")(html, "form", submitter);
      return { ours, theirs: await Reflect.get(window, "submitted")(submitter) };
    },
    [html, submitter] as const,
  );
}

/** The client's words for the form around an element; null outside of one. */
async function around(html: string, element: string, submitter?: string): Promise<Fields | null> {
  return await page.evaluate(
    ([html, element, submitter]) => Reflect.get(window, "fields")(html, element, submitter),
    [html, element, submitter] as const,
  );
}

/** The counterparts of StimulusReflex's own checks of serializeForm: what a form holds, and what is said of it. */
const FORMS: readonly (readonly [law: string, form: string, fields: Fields, submitter?: string])[] = [
  ["nothing of an empty form", "", []],
  ["a text with its value", '<input name="name" value="ada">', [["name", "ada"]]],
  ["a text without a value, as empty", '<input name="name">', [["name", ""]]],
  ["nothing of what is disabled", '<input name="name" value="ada" disabled>', []],
  [
    "nothing of what is in a disabled fieldset",
    '<fieldset disabled><input name="name" value="ada"></fieldset>',
    [],
  ],
  [
    "what is in the legend of a disabled fieldset",
    '<fieldset disabled><legend><input name="a" value="1"></legend><input name="b"></fieldset>',
    [["a", "1"]],
  ],
  ["nothing of what has no name", '<input value="ada"><input name="" value="ada">', []],
  ["a field that nobody sees", '<input type="hidden" name="token" value="7">', [["token", "7"]]],
  ["a text of several lines", '<textarea name="text">one\ntwo</textarea>', [["text", "one\ntwo"]]],
  ["a box that is checked", '<input type="checkbox" name="box" value="yes" checked>', [["box", "yes"]]],
  [
    "a box that is checked and says nothing more, as on",
    '<input type="checkbox" name="box" checked>',
    [["box", "on"]],
  ],
  ["nothing of a box that is not checked", '<input type="checkbox" name="box" value="yes">', []],
  [
    "the checked ones of several boxes of one name, in order",
    '<input type="checkbox" name="box" value="1" checked><input type="checkbox" name="box" value="2"><input type="checkbox" name="box" value="3" checked>',
    [
      ["box", "1"],
      ["box", "3"],
    ],
  ],
  [
    "the checked one of several radio buttons",
    '<input type="radio" name="one" value="1"><input type="radio" name="one" value="2" checked>',
    [["one", "2"]],
  ],
  [
    "nothing of radio buttons none of which is checked",
    '<input type="radio" name="one" value="1"><input type="radio" name="one" value="2">',
    [],
  ],
  [
    "a box and a radio button of one name",
    '<input type="checkbox" name="same" value="1" checked><input type="radio" name="same" value="2" checked>',
    [
      ["same", "1"],
      ["same", "2"],
    ],
  ],
  [
    "nothing of a reset and a plain button",
    '<button type="button" name="a" value="1">a</button><input type="reset" name="b" value="2"><input type="button" name="c" value="3">',
    [],
  ],
  [
    "nothing of a submit button that did not submit",
    '<input name="a" value="1"><button name="by" value="save">save</button><input type="submit" name="by" value="send">',
    [["a", "1"]],
  ],
  [
    "the submit button that did, in its place",
    '<button name="by" value="save">save</button><input name="a" value="1">',
    [
      ["by", "save"],
      ["a", "1"],
    ],
    "button",
  ],
  [
    "the submit input that did, and no other",
    '<input type="submit" name="one" value="1"><input type="submit" name="two" value="2">',
    [["two", "2"]],
    "[name=two]",
  ],
  [
    "a submit button without a name, not at all",
    '<input name="a" value="1"><button>save</button>',
    [["a", "1"]],
    "button",
  ],
  [
    "a submit input beside a field of the same name, each once",
    '<input name="a" value="1"><input type="submit" name="a" value="2">',
    [
      ["a", "1"],
      ["a", "2"],
    ],
    "[type=submit]",
  ],
  [
    "names of nested fields as they are",
    '<input name="user[name]" value="ada"><input name="user[mail][home]" value="a@b">',
    [
      ["user[name]", "ada"],
      ["user[mail][home]", "a@b"],
    ],
  ],
  [
    "names of lists as they are",
    '<input name="tags[]" value="a"><input name="tags[]" value="b">',
    [
      ["tags[]", "a"],
      ["tags[]", "b"],
    ],
  ],
  [
    "names of numbered lists as they are",
    '<input name="items[1][qty]" value="1"><input name="items[0][qty]" value="2">',
    [
      ["items[1][qty]", "1"],
      ["items[0][qty]", "2"],
    ],
  ],
  [
    "fields of one name that are no list, each",
    '<input name="a" value="1"><input name="a" value="1">',
    [
      ["a", "1"],
      ["a", "1"],
    ],
  ],
  [
    "the chosen option",
    '<select name="s"><option value="1">one</option><option value="2" selected>two</option></select>',
    [["s", "2"]],
  ],
  [
    "the first option where none is chosen",
    '<select name="s"><option value="1">one</option><option value="2">two</option></select>',
    [["s", "1"]],
  ],
  [
    "the text of an option that has no value",
    "<select name='s'><option selected>one two</option></select>",
    [["s", "one two"]],
  ],
  ["an option that is empty", '<select name="s"><option value="">choose</option></select>', [["s", ""]]],
  ["nothing of a select without options", '<select name="s"></select>', []],
  [
    "nothing of an option that is disabled",
    '<select name="s"><option value="1" selected disabled>one</option></select>',
    [],
  ],
  [
    "every chosen option of a multiple select",
    '<select name="s" multiple><option value="1" selected>one</option><option value="2">two</option><option value="3" selected>three</option></select>',
    [
      ["s", "1"],
      ["s", "3"],
    ],
  ],
  [
    "nothing of a multiple select in which nothing is chosen",
    '<select name="s" multiple><option value="1">one</option></select>',
    [],
  ],
  [
    "spaces and every sign that addresses use for themselves",
    '<input name="a" value=" &amp; = : ; / + $ @ ? % [] {} # , &lt; &quot;">',
    [["a", ' & = : ; / + $ @ ? % [] {} # , < "']],
  ],
  ["the same in names", '<input name="a &amp;=:;/+$@?%{}#," value="1">', [["a &=:;/+$@?%{}#,", "1"]]],
  ["letters of every script", '<input name="naïve" value="日本 🏳️‍🌈">', [["naïve", "日本 🏳️‍🌈"]]],
  ["an input of files in which none is chosen, as empty", '<input type="file" name="file">', [["file", ""]]],
];

describe("the fields of a form", () => {
  it.each(FORMS.map(([law, ...form]) => [law, form] as const))(
    "hold %s",
    async (_, [form, fields, submitter]) => {
      const { ours, theirs } = await both(`<form>${form}</form>`, submitter);
      expect(ours).toEqual(fields);
      expect(sent(ours)).toEqual(theirs);
    },
  );

  it("hold what belongs to the form from elsewhere in the page", async () => {
    const html = '<input form="f" name="a" value="1"><form id="f"><input name="b" value="2"></form>';
    expect((await both(html)).ours).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
    expect(await around(html, "[name=a]")).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  it("are those of the form that an element is, is in, or belongs to; outside of one there are none", async () => {
    const html =
      '<b id="out"></b><form id="f"><p id="in"></p><input name="b" value="2"></form><button id="of" form="f"></button>';
    for (const element of ["#f", "#in", "#of", "input"])
      expect(await around(html, element)).toEqual([["b", "2"]]);
    expect(await around(html, "#out")).toBeNull();
  });

  it("leave out a submit button of another form, and what cannot submit", async () => {
    const html = '<form><input name="b" value="2"></form><form><button name="by" value="1"></button></form>';
    expect(await around(html, "form", "button")).toEqual([["b", "2"]]);
    expect(await around(html, "form", "input")).toEqual([["b", "2"]]);
  });
});

/** Line ends travel as CR LF in a native submission; the client says them as the control has them. */
function sent(fields: Fields): Fields {
  const ends = (text: string) => text.replace(/\r\n|\r|\n/g, "\r\n");
  return fields.map(([name, value]) => [ends(name), ends(value)]);
}
