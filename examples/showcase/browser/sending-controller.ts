import { Controller } from "@hotwired/stimulus";
import type { ReflexEvent } from "edge-reflex/client";

/**
 * Empties a form's field as soon as its text is on its way, so that the next one can be typed, and gives back what was not taken: what the
 * reflex has not said of in its payload, as `taken`.
 */
export class SendingController extends Controller<HTMLElement> {
  static override targets = ["field"];

  declare readonly fieldTarget: HTMLInputElement;

  /** What the form's calls carry, by their ids. */
  readonly #texts = new Map<string, string>();
  readonly #sent = new Set<string>();

  /** The form is about to be read. */
  before({ target, detail }: ReflexEvent): void {
    if (target === this.element) this.#texts.set(detail.id, this.fieldTarget.value);
  }

  /** What has been typed behind it since stays. */
  sent({ detail: { id } }: ReflexEvent): void {
    const text = this.#texts.get(id);
    if (text === undefined || this.#sent.has(id)) return;
    this.#sent.add(id);
    const { value } = this.fieldTarget;
    if (value.startsWith(text)) this.fieldTarget.value = value.slice(text.length);
  }

  after({ detail: { id, payload } }: ReflexEvent): void {
    const text = this.#texts.get(id);
    this.#texts.delete(id);
    this.#sent.delete(id);
    const isTaken =
      typeof payload === "object" && payload !== null && "taken" in payload && payload.taken === true;
    if (text !== undefined && !isTaken && this.fieldTarget.value === "") this.fieldTarget.value = text;
  }
}
