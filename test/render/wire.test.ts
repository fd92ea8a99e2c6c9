import { describe, expect, it } from "vitest";
import { writeWireView } from "../../src/protocol/wire-view.ts";
import { renderPage } from "../../src/render/render.ts";
import { html, keyed, unsafeHtml, type View } from "../../src/render/view.ts";
import { WireWriter } from "../../src/render/wire.ts";

/** The view as a client writes it, and as the server does. */
function both(view: View): readonly [client: string, server: string] {
  const writer = new WireWriter();
  const wire = JSON.parse(JSON.stringify(writer.view(view)));
  const book = new Map(writer.templates.map(({ name, pieces }) => [name, pieces]));
  const page = renderPage(html`<body>${view}</body>`).html;
  return [writeWireView(wire, "0", book), page.slice("<body>".length, -"</body>".length)];
}

describe("a view on the wire", () => {
  const views = [
    html`<p class="a ${"b"}" hidden=${true} id=${null}>${"<x>"} ${1}${false}</p>`,
    html`<ul>${keyed(["a.b", "c:d"], String, (key) => html`<li title="${key}">${key}<b>${key}</b></li>`)}</ul>`,
    html`<div>${html`a${"b"}`}${[1, html`<i>${2}</i>`, [html`<u></u>`]]}<p>${"after"}</p><hr title=${"x"}></div>`,
    html`<section>${unsafeHtml("<b>made</b>")}${keyed([], String, () => html`<i></i>`)}</section>`,
    html`<div data-reflex-permanent title=${"t"}>${html`<p>${1}</p>`}</div>`,
  ];
  it.each(views.map((view) => [view]))("is written by the client as by the server: %#", (view) => {
    const [client, server] = both(view);
    expect(client).toBe(server);
  });

  it("names a template by what it says, the same in every process and for every value", () => {
    const item = (text: string) => html`<li class="row">${text}</li>`;
    const nameOf = (view: View) => new WireWriter().view(view)[0];
    expect(nameOf(item("a"))).toBe(nameOf(item("b")));
    expect(nameOf(html`<li class="row">${"x"}</li>`)).toBe(nameOf(item("a")));
    expect(nameOf(html`<li class="raw">${"x"}</li>`)).not.toBe(nameOf(item("a")));
    expect(nameOf(item("a"))).toMatch(/^[0-9a-z]{8}$/);
  });

  it("collects each template once", () => {
    const writer = new WireWriter();
    const item = (text: string) => html`<li>${text}</li>`;
    writer.view(html`<ul>${keyed([1, 2, 3], String, (n) => item(String(n)))}</ul>`);
    writer.view(item("more"));
    expect(writer.templates).toHaveLength(2);
  });
});
