import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";
import { readTableQuery, type TableQuery, writeTableQuery } from "../table/table-query.ts";

/** Has the address of the table's page say what the table shows. Keeps nothing else. */
export class Tabular extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  /** Goes where a link of the table leads: a step that one can go back. */
  follow(): void {
    const address = URL.parse(this.element.attributes.href ?? "", this.url) ?? this.url;
    this.#show(readTableQuery(address), "pushState");
  }

  /** Goes where the form leads. A step of the history for each letter would be too many. */
  refine(): void {
    const { text, language } = this.#form;
    this.#show({ ...readTableQuery(this.url), text, language, page: 1 }, "replaceState");
  }

  /**
   * Renders the page of the new address. The answer to what was typed before the address changed is not shown any more, so what
   * the form says by now is looked at again.
   */
  settle(): void {
    const there = readTableQuery(this.url);
    if (this.#form.text !== there.text || this.#form.language !== there.language) this.refine();
  }

  /** Renders the page of the address that the tab is at. */
  look(): void {}

  get #form(): TableQuery {
    const fields = [...this.params].map(([name, value]) => [name, String(value)]);
    return readTableQuery(new URL(`?${new URLSearchParams(fields)}`, this.url));
  }

  #show(query: TableQuery, operation: "pushState" | "replaceState"): void {
    const url = this.urls.path("/tabular", writeTableQuery(query));
    this.morph("nothing");
    if (url === this.url.pathname + this.url.search) return;
    this.cable[operation]({ url }).dispatchEvent("#filter", { name: "tabular:moved" });
  }
}
