import { describe, expect, it } from "vitest";
import { Digest } from "../../src/diff/digest.ts";
import { html, keyed, type Part, unsafeHtml, type View } from "../../src/render/view.ts";

// That a digest brought along by patches is that of a fresh render is a law of its own: test/browser/patch-laws.

const page = (content: Part, title = "t"): View =>
  html`<head><title>${title}</title></head><body>${content}<p>end</p></body>`;
const of = (content: Part, title?: string) => String(Digest.of(page(content, title)));
const list = (keys: readonly string[]) => keyed(keys, String, (key) => html`<li>${key}</li>`);

describe("the digest of a page", () => {
  it("is the same for what shows the same, and another for another title", () => {
    const view = (part: Part) => html`<b>${part}</b>`;
    expect(of(view(1))).toBe(of(view("1")));
    expect(of(view(1), "a")).not.toBe(of(view(1), "b"));
    expect(of(null)).toBe(of(""));
  });

  const different: readonly (readonly [string, Part, Part])[] = [
    ["text", "a", "b"],
    ["text and the same as HTML", "<", unsafeHtml("<")],
    ["a template", html`<b>x</b>`, html`<i>x</i>`],
    ["an attribute", html`<b title=${"a"}>x</b>`, html`<b title=${"b"}>x</b>`],
    ["an attribute that is there or not", html`<b hidden=${true}>x</b>`, html`<b hidden=${false}>x</b>`],
    ["the order of a list", list(["a", "b", "c"]), list(["b", "a", "c"])],
    ["an item more", list(["a", "b"]), list(["a", "b", "c"])],
    ["two texts that changed places", html`<b>${"a"}</b><b>${"b"}</b>`, html`<b>${"b"}</b><b>${"a"}</b>`],
    ["places of an array", ["a", "b"], ["b", "a"]],
    ["what is nested", html`<p>${html`<b>${1}</b>`}</p>`, html`<p>${html`<b>${2}</b>`}</p>`],
  ];
  it.each(different)("differs by %s", (_, left, right) => {
    expect(of(left)).not.toBe(of(right));
  });

  it("is left as it was by what comes and goes", () => {
    const digest = Digest.of(page(list(["a"])));
    const before = String(digest);
    const view = html`<p>${list(["x", "y"])}${["a", html`<b>${1}</b>`]}</p>`;
    digest.view(view, "7", 1);
    expect(String(digest)).not.toBe(before);
    digest.view(view, "7", -1);
    expect(String(digest)).toBe(before);
  });

  it("is copied, not shared", () => {
    const digest = Digest.of(page("a"));
    const copy = digest.copy();
    copy.part("more", "9", 1);
    expect(String(copy)).not.toBe(String(digest));
  });

  it("is one of the form that clients send back", () => {
    expect(of("a")).toMatch(/^[0-9a-z]{1,7}-[0-9a-z]{1,7}$/);
    const made = (body: string, title?: string) => String(Digest.ofHtml(body, title));
    expect(new Set([made("<p>a</p>"), made("<p>b</p>"), made("<p>a</p>", "t")]).size).toBe(3);
  });
});
