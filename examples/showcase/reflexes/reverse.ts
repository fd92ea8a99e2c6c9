import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";

/** Longest text that is turned round, in UTF-16 characters, inclusive; what is beyond it is cut off. */
const TEXT_CHARS_MAX = 200;

/** Turns text round. */
export class Reverse extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  /** By what a reader takes for one character: an é of two code points stays an é, and a flag a flag. */
  turn(): void {
    const text = (this.element.value ?? "").slice(0, TEXT_CHARS_MAX);
    const characters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
    this.assigns.reversed = characters.reverse().join("");
  }
}
