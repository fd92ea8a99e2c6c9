import { html } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { isFound, type Order, orderOf } from "../rows/order.ts";
import { isFull, orderIds, UNTOUCHED } from "../rows/order-list.ts";
import { orderSummary } from "../rows/order-summary.ts";
import { orderTable } from "../rows/order-table.ts";

/** A table of a thousand rows, rendered as a whole for each update, of which the browser gets what differs. */
export const rowsPage = new Hono<PageEnv>().get("/rows", (c) => {
  const list = c.var.session.get("orders") ?? UNTOUCHED;
  const query = c.var.session.get("ordersQuery") ?? "";
  const orders = orderIds(list).map((id) => orderOf(id, list.changes[id] ?? 0));
  const view = demo({
    intro: INTRO,
    stage: stage({ orders, query, isFull: isFull(list) }),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "A thousand rows", section: "/rows", head: HEAD });
});

const HEAD = html`<script type="module" src="/assets/showcase.js"></script>`;

const INTRO = html`<h1>A thousand rows</h1>
<p class="lead">Open this page in two tabs and press the buttons: both follow, and the figures say how little
it took. Write a note in a row, then move the row: the note goes along.</p>`;

const ABOUT = html`<p>Each time, the route renders all thousand rows, and the Durable Object compares the values in them with
those of the last render. What differs travels, and nothing else in the page is touched; so notes, focus and the place
you have scrolled to stay. A search hides rows and
drops none, which is one attribute for each. Your session holds a few numbers, not the table: what was moved, removed
and changed.</p>
<p>The summary is HTML in a text, as a library for charts hands it over. There are no values to compare in it, so the server
looks for the smallest elements with an <code>id</code> that differ. The figures are the browser’s own: a small
script counts what goes through the socket, and watches the page for changes.</p>`;

/** What the demo shows. */
interface StageInput {
  /** All of them, from the top, found or not. */
  readonly orders: readonly Order[];
  readonly query: string;
  /** Whether nothing more can be done to them before starting over. */
  readonly isFull: boolean;
}

const stage = ({ orders, query, isFull }: StageInput) => html`<div class="rows" data-controller="cost">
<div class="rows-bar" role="group" aria-label="What to do with the rows">
<button id="insert" class="button" type="button" disabled=${isFull} data-reflex="click->Orders#insert">New order</button>
<button id="move" class="button" type="button" disabled=${isFull} data-reflex="click->Orders#moveLast">Last to the top</button>
<button id="shuffle" class="button" type="button" disabled=${isFull} data-reflex="click->Orders#shuffle">Shuffle ten</button>
<button id="reset" class="button button-quiet" type="button" data-reflex="click->Orders#reset">Start over</button>
</div>
<div class="rows-search">
<label for="query">Search</label>
<input id="query" class="text-input" type="search" maxlength="40" autocomplete="off" spellcheck="false"
  placeholder="A name or a number" value="${query}" data-reflex="input->Orders#search">
<p role="status"><output id="found" for="query">${orders.filter((order) => isFound(order, query)).length}</output>
of <span id="order-count">${orders.length}</span> orders${isFull && html`<span class="rows-full">: that is all you can do to them, start over</span>`}</p>
</div>
${orderTable(orders, query, isFull)}
<div class="rows-side">
${COST_PANEL}
<section class="panel summary-panel" aria-labelledby="summary-heading"><h2 id="summary-heading">Summary</h2>
<div id="summary" class="summary">${orderSummary(orders)}</div></section>
</div>
</div>`;

/** Written by the browser alone, which is why no update may touch it. */
const COST_PANEL = html`<section id="cost" class="panel" aria-labelledby="cost-heading" data-reflex-permanent>
<h2 id="cost-heading">The last update</h2>
<dl class="cost">
<div><dt>Sent</dt><dd data-cost-target="sent">–</dd></div>
<div><dt>Received</dt><dd data-cost-target="received">–</dd></div>
<div><dt>Rows touched</dt><dd data-cost-target="rows">–</dd></div>
<div><dt>Changes in the page</dt><dd data-cost-target="mutations">–</dd></div>
</dl>
</section>`;

const EXCERPTS = [
  excerpt("reflexes/orders.ts", "Orders.insert", "Orders.moveLast", "Orders.search"),
  excerpt("rows/order-table.ts", "row"),
  excerpt("rows/order-summary.ts", "orderSummary"),
  excerpt("browser/cost-controller.ts", "CostController.#count"),
];
