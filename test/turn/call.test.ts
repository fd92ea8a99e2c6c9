import { describe, expect, it } from "vitest";
import { Reflex } from "../../src/reflex/reflex.ts";
import { html } from "../../src/render/view.ts";
import { turnOf } from "../support/turn.ts";

class It extends Reflex {
  take(first: unknown, second: unknown = "default", ...others: readonly unknown[]): void {
    this.payload = { first: first ?? "nothing", second, others, args: this.args };
  }

  show(): void {
    const list = [1, 2].map((item) => html`<li>${item}</li>`);
    this.payload = { list: this.render(list), text: this.render("<"), none: this.render(null) };
  }

  describe(): void {
    const { target, action, id, callId, tabId = "none" } = this;
    this.payload = { target, action, id, callId, tabId, controller: this.controllerElement?.id ?? "none" };
  }

  morphAll(): void {
    this.morph({ "#a": html`<b>1</b>`, "#b": null });
    this.morph("#c", "2");
  }

  elsewhere(): void {
    this.headers.set("X-Frame", "modal");
    this.morph("page", { url: "/other?x=1" });
  }
}

const payloadOf = async (...given: Parameters<typeof turnOf>) => (await turnOf(...given)).end.payload;

describe("an action", () => {
  it("gets the arguments in order, as many as there are: those that are missing as any function would", async () => {
    const take = (args: readonly unknown[]) => payloadOf(It, "take", { detail: { args } });
    expect(await take([{ a: 1 }, 2, 3])).toEqual({
      first: { a: 1 },
      second: 2,
      others: [3],
      args: [{ a: 1 }, 2, 3],
    });
    expect(await take([])).toEqual({ first: "nothing", second: "default", others: [], args: [] });
  });

  it("renders a view, a list of views and text as HTML", async () => {
    expect(await payloadOf(It, "show")).toEqual({ list: "<li>1</li><li>2</li>", text: "&lt;", none: "" });
  });

  it("knows what was called, by which page, and by which controller", async () => {
    const detail = { more: { controller: ["div", { id: "cart" }] as const } };
    expect(await payloadOf(It, "describe", { detail, tabId: "tab" })).toEqual({
      target: "It#describe",
      action: "describe",
      id: "call",
      callId: "call",
      tabId: "tab",
      controller: "cart",
    });
    expect(await payloadOf(It, "describe")).toMatchObject({ tabId: "none", controller: "none" });
  });

  it("morphs several selectors by one record, no content as none, and more behind it", async () => {
    expect((await turnOf(It, "morphAll")).end).toMatchObject({
      updates: [
        ["inner", "#a", "<b>1</b>"],
        ["inner", "#b", ""],
        ["inner", "#c", "2"],
      ],
    });
  });

  it("has the page of another address rendered, with its headers, and later renders do the same", async () => {
    const { end, asked } = await turnOf(It, "elsewhere");
    const headers = [["x-frame", "modal"]];
    expect(asked).toMatchObject([{ url: { href: "https://site.example/other?x=1" }, headers }]);
    expect(end).toMatchObject({ kind: "done", asked: { url: "/other?x=1", headers } });
  });
});
