import { html, keyed, reflex, reflexes, type Urls, type View } from "edge-reflex";
import { Hono } from "hono";
import type { Book } from "../books/catalogue.ts";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Tabular } from "../reflexes/tabular.ts";
import {
  COLUMNS,
  type Column,
  LANGUAGES,
  readTableQuery,
  type TablePage,
  type TableQuery,
  tablePageOf,
  writeTableQuery,
} from "../table/table-query.ts";

/** A table of which the address says what it shows. */
export const tabularPage = new Hono<PageEnv>().get("/tabular", (c) => {
  const query = readTableQuery(new URL(c.req.url));
  const view = demo({
    intro: INTRO,
    stage: stage(query, tablePageOf(query), c.var.urls),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Table", section: "/tabular" });
});

const stage = (
  query: TableQuery,
  shown: TablePage,
  urls: Urls,
) => html`<div id="tabular" class="tabular" data-reflex="${reflex({ event: "popstate", on: "window" }, Tabular, "look")}">
${filterForm(query)}
<p id="table-status" role="status">${shown.count} ${shown.count === 1 ? "book" : "books"}, page ${shown.page} of ${shown.pages}</p>
<div class="table-frame" tabindex="0" role="region" aria-label="Books">
<table class="table">
<thead><tr>${COLUMNS.map((column) => heading(column, query, urls))}</tr></thead>
<tbody>${keyed(shown.rows, ({ id }) => id, row)}</tbody>
</table>
</div>
${pager(query, shown, urls)}
</div>`;

const filterForm = ({
  text,
  language,
  sort,
  isDescending,
}: TableQuery) => html`<form id="filter" class="table-filter" action="/tabular"
  data-reflex="${reflexes(reflex("submit", Tabular, "refine"), reflex("tabular:moved", Tabular, "settle"))}">
<label>Title or author <input id="text" class="text-input" type="search" name="text" maxlength="60" autocomplete="off" value="${text}"
  data-reflex="${reflex("input", Tabular, "refine")}" data-reflex-debounce="200"></label>
<label>Language <select id="language" class="text-input" name="language" data-reflex="${reflex("change", Tabular, "refine")}"><option value="">all</option>${LANGUAGES.map(
  (each) => html`<option value="${each}" selected=${each === language}>${each}</option>`,
)}</select></label>
<input type="hidden" name="sort" value="${sort}">
${isDescending && html`<input type="hidden" name="order" value="descending">`}
<button class="button">Filter</button>
</form>`;

/** Sorts by its column, or the other way round when the table is sorted by it already. */
function heading(column: Column, query: TableQuery, urls: Urls): View {
  const isSorted = column === query.sort;
  const next = { ...query, sort: column, isDescending: isSorted && !query.isDescending, page: 1 };
  const direction = query.isDescending ? "descending" : "ascending";
  return html`<th scope="col" aria-sort=${isSorted ? direction : undefined}><a id="by-${column}" href="${addressOf(next, urls)}"
  data-reflex="${reflex("click", Tabular, "follow")}">${column}</a></th>`;
}

const row = ({ title, author, year, language }: Book) =>
  html`<tr><td>${title}</td><td>${author}</td><td>${year}</td><td>${language}</td></tr>`;

const pager = (
  query: TableQuery,
  { page, pages }: TablePage,
  urls: Urls,
) => html`<nav class="pager" aria-label="Pages of the table">
${pageLink({ id: "previous", label: "Previous", isThere: page > 1, href: addressOf({ ...query, page: page - 1 }, urls) })}
${pageLink({ id: "next", label: "Next", isThere: page < pages, href: addressOf({ ...query, page: page + 1 }, urls) })}
</nav>`;

interface PageLink {
  readonly id: string;
  readonly label: string;
  readonly isThere: boolean;
  readonly href: string;
}

/** A link that leads nowhere stays where it is, and so does the focus. */
const pageLink = ({ id, label, isThere, href }: PageLink) =>
  html`<a id="${id}" class="button button-quiet" href=${isThere && href} data-reflex=${isThere ? reflex("click", Tabular, "follow") : undefined} role="link" tabindex="0" aria-disabled=${isThere ? undefined : "true"}>${label}</a>`;

const addressOf = (query: TableQuery, urls: Urls) => urls.path("/tabular", writeTableQuery(query));

const INTRO = html`<h1>Table</h1>
<p class="lead">Filter, sort, turn pages; go back, reload, send somebody the address.</p>`;

const ABOUT = html`<p>What the table shows is in its address, and nowhere else: the page reads it and renders what it asks for. Links are links and the form
is a form; without a script they lead to the same pages.</p>
<p>With one, a reflex answers in their place. It sends no page but two operations: <code>pushState</code> for the address (or
<code>replaceState</code>, where one filters), and an event. On that event, and on <code>popstate</code> when you go back or forth, the page is rendered again
at the address where the browser is by then. The rest of the page, the focus and the place where you have scrolled to stay.</p>`;

const EXCERPTS = [
  excerpt("reflexes/tabular.ts", "Tabular"),
  excerpt("pages/tabular.ts", "filterForm", "heading"),
  excerpt("table/table-query.ts", "readTableQuery"),
];
