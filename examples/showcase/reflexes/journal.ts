import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";

/** Lines that are kept; older ones fall off. */
const LINES_MAX = 8;

/** What the echo waits at most, in milliseconds: long enough for the answers of two keystrokes to change places. */
const ECHO_MS_MAX = 400;

/** Writes what can be counted afterwards: was every press a line, and one line only? */
export class Journal extends Reflex<Values, Assigns> {
  static override readonly ephemeral = ["echo"];

  /** One line more, numbered by the server. */
  write(): void {
    const { count, lines } = this.session.get("journal") ?? { count: 0, lines: [] };
    const line = { number: count + 1, press: String(this.element.dataset.press ?? "").slice(0, 10) };
    this.session.set("journal", { count: line.number, lines: [line, ...lines].slice(0, LINES_MAX) });
  }

  clear(): void {
    this.session.delete("journal");
  }

  /** Gives back what is typed, after a time that differs each time. Only reads, so it costs no row. */
  async echo(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * ECHO_MS_MAX));
    this.assigns.echo = (this.element.value ?? "").slice(0, 60);
  }
}
