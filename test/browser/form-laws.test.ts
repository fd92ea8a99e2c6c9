import { build } from "esbuild";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { escapeHtml } from "../../src/render/escape.ts";
import { launchBrowser } from "../support/site.ts";

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const contents = 'import { fieldsOf } from "./client/forms.ts"; Object.assign(window, { fieldsOf });';
  const stdin = { contents, resolveDir: process.cwd() };
  const { outputFiles } = await build({ stdin, bundle: true, format: "iife", write: false });
  browser = await launchBrowser();
  page = await browser.newPage();
  const body = '<form action="/sent" target="frame" novalidate></form><iframe name="frame"></iframe>';
  await page.route("**/*", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await page.goto("https://form.example/");
  await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
});
afterAll(() => browser.close());

/** A control, with all that any kind of it may have. */
interface Control {
  readonly kind: string;
  readonly name: string;
  readonly value: string;
  readonly isOn: boolean;
  readonly isDisabled: boolean;
  /** Values of options, or names of files. */
  readonly values: readonly string[];
}

const INPUTS = ["text", "hidden", "checkbox", "radio", "file", "number", "submit", "reset"];
const OTHERS = ["textarea", "select", "select multiple", "submit button", "button button", "fieldset"];

// Line breaks and halves of characters are sent as they are here, which browsers alter.
const text = fc.string({ unit: "grapheme", maxLength: 8 }).map((value) => value.replace(/[\r\n]/g, " "));
const name = fc.oneof(fc.constantFrom("", "a", "a[]", "a[b][]", "x y", "&=?#/+%$@,:;{}", "é[ü]"), text);
const control: fc.Arbitrary<Control> = fc.record({
  kind: fc.constantFrom(...INPUTS, ...OTHERS),
  // What browsers send by this name is the encoding.
  name: name.filter((name) => name !== "_charset_"),
  value: text,
  isOn: fc.boolean(),
  isDisabled: fc.nat(4).map((number) => number === 0),
  values: fc.array(text, { maxLength: 3 }),
});

function htmlOf({ kind, name, value, isOn, isDisabled, values }: Control): string {
  const attributes = `name="${escapeHtml(name)}"${isDisabled ? " disabled" : ""}`;
  const content = escapeHtml(value);
  const [type = "", tag] = kind.split(" ");
  if (tag === "button") return `<button type="${type}" ${attributes} value="${content}">press</button>`;
  if (kind === "textarea") return `<textarea ${attributes}>${content}</textarea>`;
  if (kind === "fieldset")
    return `<fieldset ${attributes}><input name="inside" value="${content}"></fieldset>`;
  if (type === "select") {
    const options = values.map((one) => `<option${isOn ? " selected" : ""} value="${escapeHtml(one)}">`);
    return `<select ${attributes} ${tag ?? ""}>${options.join("")}</select>`;
  }
  const files = `multiple data-files="${escapeHtml(JSON.stringify(values))}"`;
  return `<input type="${kind}" ${attributes} ${kind === "file" ? files : `value="${content}"`} ${isOn ? "checked" : ""}>`;
}

/** What the browser sends when a form is submitted by one of its buttons, or by none; and what the client reads of it before. */
async function submitted(html: string, button: number) {
  return await page.evaluate(
    async ({ html, button }) => {
      const [form, frame] = [document.querySelector("form"), document.querySelector("iframe")];
      if (form === null || frame === null) throw new Error("The page has no form");
      form.innerHTML = html;
      for (const input of form.querySelectorAll<HTMLInputElement>("[type=file]")) {
        const chosen = new DataTransfer();
        for (const name of JSON.parse(input.dataset.files ?? "[]")) chosen.items.add(new File(["x"], name));
        input.files = chosen.files;
      }
      const submitter = form.querySelectorAll<HTMLElement>("[type=submit]:enabled")[button] ?? null;
      const read = Reflect.get(window, "fieldsOf")(form, submitter);
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      form.requestSubmit(submitter);
      await loaded;
      return { read, sent: [...new URLSearchParams(frame.contentWindow?.location.search)] };
    },
    { html, button },
  );
}

describe("the fields of a form", () => {
  it("are those that the browser submits: names, values, their order, and the button that was pressed", async () => {
    let fields = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(control, { maxLength: 8 }), fc.nat(2), async (controls, button) => {
        const { read, sent } = await submitted(controls.map(htmlOf).join(""), button);
        expect(read).toEqual(sent);
        fields += sent.length;
      }),
      { numRuns: 40 },
    );
    expect(fields).toBeGreaterThan(30);
  });
});
