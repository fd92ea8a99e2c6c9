// By path and not by the package's name, so that tests which import this page have one copy of the runtime.
import { html, keyed, Reflex, type View } from "../../src/index.ts";

// The page that is measured: a keyed table of any number of rows with six columns, a counter, and a search box
// with ten results. What reflexes do to it is kept in the session as a few numbers, so that measuring the work on
// the page does not measure the storage of a table.

/** What the bench's session holds. */
export interface TableValues {
  count: number;
  /** How often something was stored that no page shows. */
  unseen: number;
  query: string;
  /** Numbers of the rows in front of all others: inserted, or moved there. The first one shows first. */
  head: readonly number[];
  removed: readonly number[];
  /** How often each changed row was changed. */
  changes: Readonly<Record<number, number>>;
}

/** What the whole page shows. */
export interface TableState extends Partial<TableValues> {
  /** How many rows the table has before anything was inserted or removed. */
  readonly rowCount: number;
}

/** Rows that reflexes insert count from here, so that their text is as long in a small table as in a large one. */
const FIRST_INSERTED = 500_001;
const RESULTS = 10;
const CUSTOMERS = ["Alder Freight", "Birch & Sons", "Cedar Optics", "Dogwood Mills", "Elm Street Bakery"];
const words = (text: string): readonly string[] => text.split(" ");
const FIRST_NAMES = words(
  "Ada Ben Cleo Dora Emil Finn Greta Hugo Ines Jonas Kira Lena Mila Nils Olga Paul Rosa Sven Tara Udo Vera Willem Xenia Yara",
);
const LAST_NAMES = words(
  "Abbott Brandt Castillo Dvorak Eriksen Fontaine Gruber Hansen Ivanov Jansen Keller Lindqvist Moretti Novak Okafor Petrov Quiroga Rossi Schmidt Tanaka Ueda Varga Weber Yilmaz",
);
const STREETS = words(
  "Acacia Beech Chapel Dock Elder Ferry Garden Harbour Island Juniper King Lake Market North Orchard Park Quarry River Station Tower",
);
const TOWNS = words(
  "Aarhus Bergen Cork Delft Essen Faro Ghent Hull Izmir Jena Kiel Lund Malmo Nantes Oslo Porto Reims Siena Turin Utrecht Vigo Wexford",
);
const STATUSES = ["paid", "open", "late"];

/** The whole page: counter, search and table. */
export function tablePage(state: TableState): View {
  return html`
    <section class="panel panel-counter">
      <h2 class="panel-title">Orders looked at</h2>
      <output id="count" class="counter">${state.count ?? 0}</output>
      <button class="button" data-reflex="click->Counter#increment" data-step="1">One more</button>
      <button id="unseen" class="button" data-reflex="click->Counter#unseen">Nothing to see</button>
    </section>
    ${searchPanel(state.query ?? "")}
    <section class="panel panel-orders">
      <h2 class="panel-title">Orders</h2>
      <button id="insert" class="button" data-reflex="click->Table#insert">Insert</button>
      <button id="move" class="button" data-reflex="click->Table#moveLast">Last to the top</button>
      <button id="remove" class="button" data-reflex="click->Table#removeFirst">Remove the first</button>
      <table class="table table-striped">
        <thead><tr><th>Number</th><th>Customer</th><th>Amount</th><th>Status</th><th>Updated</th><th></th></tr></thead>
        <tbody id="rows">${keyed(rowNumbers(state), String, (row) => orderRow(row, state.changes?.[row] ?? 0))}</tbody>
      </table>
    </section>
  `;
}

function orderRow(row: number, change: number): View {
  const version = row + 7 * change;
  const minutes = version % 60;
  return html`<tr class="table-row hover:bg-gray-50">
<td class="cell cell-number px-4 py-2">${row}</td>
<td class="cell cell-text px-4 py-2">${customerOf(row)}</td>
<td class="cell cell-number px-4 py-2">${(100 + (scattered(row) % 900) + (version % 90) / 100).toFixed(2)}</td>
<td class="cell px-4 py-2"><span class="badge">${STATUSES[version % STATUSES.length]}</span></td>
<td class="cell px-4 py-2">12:${String(minutes).padStart(2, "0")}</td>
<td class="cell px-4 py-2"><button class="button" data-reflex="click->Table#change" data-id="${row}">Change</button></td>
</tr>`;
}

/** A customer as a table of orders names one: every row another, so that the page compresses as such pages do. */
function customerOf(row: number): string {
  const pick = (list: readonly string[], salt: number) => list[scattered(row * 7 + salt) % list.length] ?? "";
  const number = 1 + (scattered(row * 7 + 5) % 180);
  return `${pick(FIRST_NAMES, 1)} ${pick(LAST_NAMES, 2)}, ${number} ${pick(STREETS, 3)}, ${pick(TOWNS, 4)}`;
}

/** The same large number for the same small one, without an order (Knuth's multiplicative hash). */
function scattered(number: number): number {
  const product = Math.imul(number + 1, 0x9e3779b1);
  return (product ^ (product >>> 15)) >>> 1;
}

function searchPanel(query: string): View {
  return html`<section class="panel panel-search">
      <input class="input" type="search" name="query" placeholder="Search" data-reflex="input->Search#find">
      <ul class="results">${keyed(found(query), String, searchResult)}</ul>
    </section>`;
}

function searchResult(product: number): View {
  return html`<li class="result"><a class="result-link" href="/products/${product}">${CUSTOMERS[product % CUSTOMERS.length]} no. ${product}</a></li>`;
}

/** Ten products; each further character of the query drops the first two of them and finds two others. */
function found(query: string): readonly number[] {
  return Array.from({ length: RESULTS }, (_, index) => 100 + 2 * query.length + index);
}

function rowNumbers({ rowCount, head = [], removed = [] }: TableState): readonly number[] {
  const others = Array.from({ length: rowCount }, (_, index) => index + 1);
  if (head.length === 0 && removed.length === 0) return others;
  const elsewhere = new Set([...head, ...removed]);
  return [...head.filter((row) => !removed.includes(row)), ...others.filter((row) => !elsewhere.has(row))];
}

/** The number of rows that a page's address asks for: `/table?rows=10`. */
export function rowCountOf(url: URL): number {
  return Number(url.searchParams.get("rows") ?? 1000);
}

/** What the table's buttons call. */
export class Table extends Reflex<TableValues> {
  /** Changes three cells of one row: amount, status and time. */
  change(): void {
    const { id = "" } = this.element.dataset;
    const changes = this.session.get("changes") ?? {};
    this.session.set("changes", { ...changes, [id]: (changes[Number(id)] ?? 0) + 1 });
  }

  insert(): void {
    const head = this.session.get("head") ?? [];
    const inserted = head.filter((row) => row >= FIRST_INSERTED).length;
    this.session.set("head", [FIRST_INSERTED + inserted, ...head]);
  }

  moveLast(): void {
    const last = this.#rows().at(-1);
    if (last !== undefined) this.session.set("head", [last, ...(this.session.get("head") ?? [])]);
  }

  removeFirst(): void {
    const [first] = this.#rows();
    if (first !== undefined) this.session.set("removed", [...(this.session.get("removed") ?? []), first]);
  }

  #rows(): readonly number[] {
    const { session } = this;
    return rowNumbers({
      rowCount: rowCountOf(this.url),
      head: session.get("head") ?? [],
      removed: session.get("removed") ?? [],
    });
  }
}

/** What the counter's buttons call. */
export class Counter extends Reflex<TableValues, { peeks: number }> {
  static override readonly ephemeral = ["peek"];

  increment(): void {
    const step = Number(this.element.dataset.step ?? 1);
    this.session.set("count", (this.session.get("count") ?? 0) + step);
  }

  /** Changes the page and stores nothing. */
  peek(count: number): void {
    this.assigns.peeks = count;
  }

  /** Stores something that the page does not show. */
  unseen(): void {
    this.session.set("unseen", (this.session.get("unseen") ?? 0) + 1);
  }
}

/** What the search box calls, at each keystroke. */
export class Search extends Reflex<TableValues> {
  find(): void {
    this.session.set("query", this.element.value ?? "");
  }
}
