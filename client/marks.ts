import type { Update } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { writeAttribute } from "./controls.ts";
import { elementAt } from "./nodes.ts";

/** What the client says on one element of the page. */
interface Mark {
  /** The element, or what an update has put in its place. */
  element: Element;
  /** Its unanswered calls. */
  pending: number;
  isDisabled: boolean;
  /** What the client wrote, and what stood there before. */
  readonly written: Map<string, readonly [value: string, before: string | null]>;
}

/**
 * The attributes that the client writes on elements of the page for a while. Whatever reads or updates the page does so
 * {@link without} them, so that neither the server nor an update takes them for the page's own.
 */
export class Marks {
  readonly #document: Document;
  readonly #marks = new Map<Element, Mark>();

  constructor(document: Document) {
    this.#document = document;
  }

  /**
   * Shows on the element that one more call of it is unanswered.
   *
   * @returns takes that back, once
   */
  pend(element: Element): () => void {
    const mark = this.#of(element);
    const count = (difference: number) => {
      mark.pending += difference;
      this.#show(mark);
    };
    count(1);
    return () => count(-1);
  }

  /** Takes away what a copy of the page has of calls that are not its own. */
  strip(): void {
    for (const element of this.#document.querySelectorAll(`body [${ATTRIBUTES.pending}]`)) {
      if (this.#marks.has(element)) continue;
      element.removeAttribute(ATTRIBUTES.pending);
      if (element.getAttribute("aria-busy") === "true") element.removeAttribute("aria-busy");
    }
  }

  /** Disables exactly these elements; all others are again what they were. */
  disable(elements: ReadonlySet<Element>): void {
    for (const mark of [...this.#marks.values(), ...Array.from(elements, (element) => this.#of(element))]) {
      mark.isDisabled = elements.has(mark.element);
      this.#show(mark);
    }
  }

  /** Runs what is to see the page without the marks. Those of an element that it replaces pass on to the new one. */
  without<Result>(work: () => Result): Result {
    const marks = [...this.#marks.values()];
    for (const mark of marks) write(mark, {});
    try {
      return work();
    } finally {
      for (const mark of marks) {
        if (!mark.element.isConnected) this.#passOn(mark);
        write(mark, attributesOf(mark));
      }
    }
  }

  #of(element: Element): Mark {
    const mark = this.#marks.get(element) ?? { element, pending: 0, isDisabled: false, written: new Map() };
    this.#marks.set(element, mark);
    return mark;
  }

  #show(mark: Mark): void {
    const attributes = attributesOf(mark);
    write(mark, attributes);
    if (Object.keys(attributes).length === 0) this.#marks.delete(mark.element);
  }

  #passOn(mark: Mark): void {
    const id = mark.element.getAttribute("id");
    const address = mark.element.getAttribute(ATTRIBUTES.address);
    const heir = (id && this.#document.getElementById(id)) || (address && elementAt(this.#document, address));
    if (!heir || this.#marks.has(heir)) return;
    this.#marks.delete(mark.element);
    this.#marks.set(heir, mark);
    mark.element = heir;
  }
}

/**
 * True for updates that neither read nor write what the client has marked: texts, and attributes of the server's alone. Most are
 * such, and taking marks off and on again costs more than they do.
 */
export function passesMarks([kind, ...edits]: Update): boolean {
  if (/^[a-z]/.test(kind)) return /^(title|template|errand|at)$/.test(kind);
  return edits.every(
    (edit) =>
      typeof edit === "object" &&
      typeof edit?.[0] === "string" &&
      typeof edit[1] === "string" &&
      (edit.length === 2 || !/^(aria-busy|aria-disabled|disabled)$/.test(edit[1])),
  );
}

function attributesOf({ element, pending, isDisabled }: Mark): Readonly<Record<string, string>> {
  return {
    ...(pending > 0 && { "aria-busy": "true", [ATTRIBUTES.pending]: `${pending}` }),
    ...(isDisabled && ("disabled" in element ? { disabled: "" } : { "aria-disabled": "true" })),
  };
}

/** Writes these attributes and no others; what is not wanted any more is again what it was. */
function write({ element, written }: Mark, wanted: Readonly<Record<string, string>>): void {
  for (const [name, [value, before]] of written) {
    if (name in wanted) continue;
    written.delete(name);
    // What somebody else has written since stands.
    if (element.getAttribute(name) === value) writeAttribute(element, name, before);
  }
  for (const [name, value] of Object.entries(wanted)) {
    const present = element.getAttribute(name);
    const before = written.get(name)?.[1];
    // The author's own word on whether the element is busy.
    if (name === "aria-busy" && before === undefined && present !== null) continue;
    written.set(name, [value, before === undefined ? present : before]);
    if (present !== value) element.setAttribute(name, value);
  }
}
