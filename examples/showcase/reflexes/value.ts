import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";

/** Shows what the visitor types and keeps nothing of it. */
export class Value extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  show(): void {
    this.assigns.value = this.element.value ?? "";
  }
}
