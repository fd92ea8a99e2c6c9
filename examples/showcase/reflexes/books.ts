import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";

/** Longest query, in UTF-16 characters, inclusive; what is typed beyond it is cut off. */
const QUERY_CHARS_MAX = 60;

/** Searches the library. Only reads, so a keystroke costs no write. */
export class Books extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  search(): void {
    this.assigns.booksQuery = (this.element.value ?? "").slice(0, QUERY_CHARS_MAX);
  }
}
