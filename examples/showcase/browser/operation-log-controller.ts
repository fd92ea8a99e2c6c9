import { Controller } from "@hotwired/stimulus";

/** Events that the log keeps. */
const KEPT = 12;

/** Writes down the events of operations, the latest first. */
export class OperationLogController extends Controller<HTMLElement> {
  static override values = { names: Array };

  declare readonly namesValue: readonly string[];

  readonly #write = ({ type, target }: Event) => {
    const entry = document.createElement("p");
    entry.textContent = `${type} on ${nameOf(target)}`;
    this.element.prepend(entry);
    while (this.element.childElementCount > KEPT) this.element.lastElementChild?.remove();
  };

  override connect(): void {
    // On their way in: at the window there is no other way to hear of those of the window and of others alike.
    for (const type of this.#types) addEventListener(type, this.#write, true);
  }

  override disconnect(): void {
    for (const type of this.#types) removeEventListener(type, this.#write, true);
  }

  get #types(): readonly string[] {
    return this.namesValue.flatMap((name) => {
      const kebab = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      return [`cable-ready:before-${kebab}`, `cable-ready:after-${kebab}`];
    });
  }
}

function nameOf(target: EventTarget | null): string {
  if (target instanceof Element) return target.id === "" ? target.localName : `#${target.id}`;
  return target === document ? "the document" : "the window";
}
