import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";
import { toName } from "../people/names.ts";

/** Somebody among others, on the pages that many share. */
export class Guest extends Reflex<Values, Assigns> {
  /** What was said and done before keeps the name that it was done under. */
  rename(): void {
    const name = toName(this.params.get("nick"));
    if (name === "") this.halt();
    this.session.set("nick", name);
  }
}
