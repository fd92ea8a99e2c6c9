import type { Update } from "../src/protocol/messages.ts";
import type { Tab } from "./tab.ts";

/** The operations that tabs are sent once they are brought up to date, in the order in which they were asked for. */
export class DueOperations {
  readonly #due = new Map<Tab, readonly Update[]>();

  add(tabs: readonly Tab[], operations: readonly Update[]): void {
    if (operations.length === 0) return;
    for (const tab of tabs) this.#due.set(tab, [...(this.#due.get(tab) ?? []), ...operations]);
  }

  /** Sends a tab what is due to it. */
  send(tab: Tab): void {
    const operations = this.#due.get(tab);
    this.#due.delete(tab);
    if (operations !== undefined) tab.sendNow(operations);
  }
}
