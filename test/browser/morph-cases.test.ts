import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/site.ts";

let browser: Browser;
let page: Page;
let bundle: string;

beforeAll(async () => {
  const entryPoints = ["test/browser/laws/morph-entry.ts"];
  const { outputFiles } = await build({ entryPoints, bundle: true, format: "iife", write: false });
  bundle = outputFiles[0]?.text ?? "";
  browser = await launchBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
  await page.addScriptTag({ content: bundle });
  return () => page.close();
});

const show = (html: string) => page.evaluate((html) => Reflect.get(window, "show")(html), html);
const update = (html: string) => page.evaluate((html) => Reflect.get(window, "update")(html), html);
const body = () => page.evaluate(() => document.body.innerHTML);
const events = () => page.evaluate(() => Reflect.get(window, "events"));

describe("a morph of forms whose fields are named like properties", () => {
  it("neither doubles a form nor takes another's typing", async () => {
    const forms = (kind: string) =>
      [1, 2]
        .map((id) => `<form><input type="hidden" name="id" value="${id}"><b class="${kind}">${id}</b></form>`)
        .join("");
    await show(forms("a"));
    await update(forms("b"));
    expect(await body()).toBe(forms("b"));
  });

  it("keeps the typing of a form that something came before", async () => {
    const form = '<form id="edit"><input type="hidden" name="id"><input name="title"></form>';
    await show(form);
    await page.fill("[name=title]", "typed");
    await update(`<p>news</p>${form}`);
    expect(await page.inputValue("[name=title]")).toBe("typed");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("title");
    expect(await events()).toEqual([]);
  });
});

describe("a morph around permanent elements", () => {
  it("does not pair one without a name with a neighbour of its kind", async () => {
    await show('<div class="flash">saved!</div><div data-reflex-permanent>map</div><div>text</div>');
    await update("<div data-reflex-permanent></div><div>text 2</div>");
    expect(await body()).toBe('<div data-reflex-permanent="">map</div><div>text 2</div>');
  });

  it("keeps one that got a wrapper, and its wrapper changed, once and as it was", async () => {
    await show('<div id="p" data-reflex-permanent>mine</div>');
    await update('<section><div id="p" data-reflex-permanent>server</div></section>');
    expect(await body()).toBe('<section><div id="p" data-reflex-permanent="">mine</div></section>');
    await update('<main><div id="p" data-reflex-permanent>server</div></main>');
    expect(await body()).toBe('<main><div id="p" data-reflex-permanent="">mine</div></main>');
  });

  it("leaves them alone when a selector morph names them or what is in them", async () => {
    await show('<div class="x" data-reflex-permanent>mine <b class="x">too</b></div><p class="x">old</p>');
    await page.evaluate(() => Reflect.get(window, "inner")(".x", "new"));
    expect(await body()).toBe(
      '<div class="x" data-reflex-permanent="">mine <b class="x">too</b></div><p class="x">new</p>',
    );
  });
});

describe("a morph that moves the focused element", () => {
  it("keeps its text, focus and peace when it gets a wrapper", async () => {
    await show('<form><input id="email"></form>');
    await page.fill("#email", "typed");
    await update('<form><div class="error"><input id="email"><b>no</b></div></form>');
    expect(await page.inputValue(".error #email")).toBe("typed");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("email");
    expect(await events()).toEqual([]);
  });

  it("keeps it when its wrapper goes", async () => {
    await show('<span><input id="b"></span>');
    await page.fill("#b", "typed");
    await update('<input id="b" class="bare">');
    expect(await body()).toBe('<input id="b" class="bare">');
    expect(await page.inputValue("#b")).toBe("typed");
    expect(await events()).toEqual([]);
  });
});

describe("a morph of form controls", () => {
  it("keeps what was typed in a textarea through any number of morphs", async () => {
    for (const text of ["server", ""]) {
      await show(`<textarea id="t" class="a">${text}</textarea>`);
      await page.fill("#t", "typed");
      await page.evaluate(() => (document.activeElement as HTMLElement).blur());
      for (const kind of ["b", "c", "d"]) await update(`<textarea id="t" class="${kind}">${text}</textarea>`);
      expect(await page.inputValue("#t")).toBe("typed");
    }
    await update('<textarea id="t">news</textarea>');
    expect(await page.inputValue("#t")).toBe("news");
  });

  it("keeps a chosen file", async () => {
    await show('<input type="file" class="a">');
    await page.setInputFiles("input", { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("a") });
    await update('<input type="file" class="b">');
    expect(await page.evaluate(() => document.querySelector("input")?.files?.length)).toBe(1);
    expect(await page.getAttribute("input", "class")).toBe("b");
  });

  it("writes no attribute that the server did not", async () => {
    const inputs = (kind: string) =>
      ["submit", "reset", "hidden", "checkbox", "radio", "button"]
        .map((type) => `<input type="${type}" class="${kind}">`)
        .join("");
    await show(inputs("a"));
    await update(inputs("b"));
    expect(await body()).toBe(inputs("b"));
  });

  it("gives and takes attributes of the field that is being typed in, and leaves its text", async () => {
    await show('<input id="i" class="a" title="old" required>');
    await page.fill("#i", "typed");
    await update('<input id="i" class="b" maxlength="9">');
    expect(await body()).toBe('<input id="i" class="b" maxlength="9">');
    expect(await page.inputValue("#i")).toBe("typed");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("i");
  });

  it("chooses what the server chooses now, wherever it stands", async () => {
    const select = (chosen: string) =>
      `<select>${["a", "b", "c"].map((name) => `<option${name === chosen ? ' selected=""' : ""}>${name}</option>`).join("")}</select>`;
    await show(select("b"));
    for (const chosen of ["a", "b", "c", "a", ""]) {
      await update(select(chosen));
      expect(await page.inputValue("select")).toBe(chosen || "a");
    }
  });

  it("keeps nothing chosen in a select for several", async () => {
    const select = (kind: string) =>
      `<select multiple class="${kind}"><option selected>a</option><option>b</option></select>`;
    await show(select("a"));
    await page.selectOption("select", []);
    await update(select("b"));
    expect(await page.evaluate(() => document.querySelector("select")?.selectedOptions.length)).toBe(0);
  });

  it("keeps what is chosen when the options of the select itself are morphed", async () => {
    await show('<select id="s"><option>a</option><option>b</option></select>');
    await page.selectOption("#s", "b");
    await page.evaluate(() =>
      Reflect.get(window, "inner")("#s", "<option>a</option><option>b</option><option>c</option>"),
    );
    expect(await page.inputValue("#s")).toBe("b");
    expect(await body()).not.toContain("selected");
  });

  it("leaves a rich text alone while somebody writes in it", async () => {
    await show('<div id="rich" contenteditable class="a">server</div>');
    await page.focus("#rich");
    await page.keyboard.type("typed ");
    await update('<div id="rich" contenteditable class="b">server 2</div>');
    expect(await page.textContent("#rich")).toBe("typed server");
  });

  it("leaves a modal dialog open", async () => {
    await show('<dialog id="d" class="a"><p>old</p></dialog>');
    await page.evaluate(() => document.querySelector<HTMLDialogElement>("#d")?.showModal());
    await update('<dialog id="d" class="b"><p>new</p></dialog>');
    const state = await page.evaluate(() => {
      const dialog = document.querySelector<HTMLDialogElement>("#d");
      return [dialog?.open, dialog?.matches(":modal"), dialog?.textContent];
    });
    expect(state).toEqual([true, true, "new"]);
  });
});

describe("a script that an update brings", () => {
  it("does not run, in a morph of the page and in one of a selector", async () => {
    const script = "<script>window.ran = true</script>";
    await show("<div></div>");
    await update(`<div><b>new</b>${script}</div>`);
    await page.evaluate((html) => Reflect.get(window, "inner")("div", html), `<i>newer</i>${script}`);
    expect(await body()).toBe(`<div><i>newer</i>${script}</div>`);
    expect(await page.evaluate(() => Reflect.get(window, "ran"))).toBeUndefined();
  });
});

describe("an update that this browser cannot apply", () => {
  it("does not keep the others from being applied", async () => {
    await show('<p id="a">old</p>');
    await page.evaluate(() => {
      Reflect.get(window, "inner")("p:contains('x')", "new");
      Reflect.get(window, "inner")("#a", "new");
    });
    expect(await page.textContent("#a")).toBe("new");
  });
});
