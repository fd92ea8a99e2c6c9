import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";
import { readTableQuery, writeTableQuery } from "../table/table-query.ts";

/** Has the address of the table's page say what the table shows. Keeps nothing else. */
export class Tabular extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  /** Goes where a link of the table leads: a step that one can go back. */
  follow(): void {
    this.#show(this.element.attributes.href ?? "", "pushState");
  }

  /** Goes where the form leads. A step of the history for each letter would be too many. */
  refine(): void {
    const form = new URLSearchParams([...this.params].map(([name, value]) => [name, String(value)]));
    this.#show(`?${form}`, "replaceState");
  }

  /** Renders the page of the address that the tab is at. */
  look(): void {}

  /** Whatever the browser says, the address is one of this page, and asks for what there is. */
  #show(address: string, operation: "pushState" | "replaceState"): void {
    const query = readTableQuery(URL.parse(address, this.url) ?? this.url);
    const url = this.urls.path("/tabular", writeTableQuery(query));
    this.morph("nothing");
    if (url === this.url.pathname + this.url.search) return;
    this.cable[operation]({ url }).dispatchEvent("#tabular", { name: "tabular:moved" });
  }
}
