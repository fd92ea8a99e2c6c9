import { Reflex } from "edge-reflex";
import { guestsOf } from "../structures/guests.ts";
import { SHELF } from "../structures/shelf.ts";

/** Uses structures: those of the visitor's session, and those that all visitors share. */
export class Shelf extends Reflex {
  static override readonly ephemeral = ["look"];

  /** Does what the button says, with the structure that it belongs to. */
  use(): void {
    const { kind, act } = this.element.dataset;
    SHELF.find((tool) => tool.kind === kind)?.act(this.structures, act ?? "");
  }

  /** A press, counted and written down for all. The number is exact, and so makes the line one of its own. */
  async press(): Promise<void> {
    const { presses, last } = guestsOf(this.structures);
    const number = await presses.increment();
    await last.append(`number ${number}, by visitor ${this.session.id.slice(0, 4)}`);
  }

  /** Renders the page, and no more. */
  look(): void {}
}
