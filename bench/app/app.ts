import { Hono } from "hono";
import { html, pages } from "../../src/index.ts";
import { Counter, rowCountOf, Search, Table, type TableValues, tablePage } from "./table.ts";
import { topicView } from "./topic-page.ts";
import { Vault } from "./vault.ts";

/** The pages that are measured. */
export const app = new Hono().use(pages<TableValues, { peeks: number }>());

/** The reflexes that are measured, by the name that pages call them. */
export const reflexes = { Counter, Search, Table, Vault };

app.get("/table", (c) => {
  const { session } = c.var;
  const view = tablePage({
    rowCount: rowCountOf(new URL(c.req.url)),
    count: session.get("count") ?? 0,
    query: session.get("query") ?? "",
    head: session.get("head") ?? [],
    removed: session.get("removed") ?? [],
    changes: session.get("changes") ?? {},
  });
  // Browsers give a page that shares its process with no other site a clock that ticks twenty times as often.
  c.header("Cross-Origin-Opener-Policy", "same-origin");
  c.header("Cross-Origin-Embedder-Policy", "require-corp");
  return c.render(view, { title: "Orders" });
});

app.get("/counter", (c) =>
  c.render(
    html`<h1>Count: <output id="count">${c.var.session.get("count") ?? 0}</output></h1>
<p>Seen: <output id="peeks">${c.var.assigns.peeks ?? 0}</output></p>
<button data-reflex="click->Counter#increment" data-step="1">One more</button>`,
    { title: "Counter" },
  ),
);

/** A page that rests on a topic: `/topic?name=crowd`. */
app.get("/topic", (c) => {
  c.var.subscribe(c.req.query("name") ?? "");
  return c.render(topicView(), { title: "Topic" });
});

/** A page that shows the game of life, a region: `/life`. */
app.get("/life", async (c) =>
  c.render(html`<h1>Life</h1>${await c.var.region("life:1")}`, { title: "Life" }),
);
