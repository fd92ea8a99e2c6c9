/** Calls and submissions that began in an element and have not ended. */
export class InnerWork {
  readonly #element: Element;
  readonly #underWay = new Set<unknown>();
  readonly #ended: () => void;
  readonly #listening = new AbortController();

  /** @param ended told when the last has ended */
  constructor(element: Element, ended: () => void) {
    this.#element = element;
    this.#ended = ended;
    const { signal } = this.#listening;
    const on = (target: EventTarget, type: string, heard: (work: unknown) => void) =>
      target.addEventListener(type, (event) => heard(workOf(event)), { signal });
    const begun = (work: unknown) => void this.#underWay.add(work);
    const done = (work: unknown) => {
      if (this.#underWay.delete(work) && !this.isUnderWay) this.#ended();
    };
    const document = this.#element.ownerDocument;
    on(element, "reflex:before", begun);
    on(element, "turbo:submit-start", begun);
    // An element that has gone by then is told of by the document.
    on(document, "reflex:after", done);
    on(document, "turbo:submit-end", done);
  }

  get isUnderWay(): boolean {
    return this.#underWay.size > 0;
  }

  /** Listens no more. */
  stop(): void {
    this.#listening.abort();
    this.#underWay.clear();
  }
}

/** The same object at both ends: the call itself, or Turbo's submission. */
function workOf({ detail }: Event & { readonly detail?: unknown }): unknown {
  return (detail as { readonly formSubmission?: unknown } | undefined)?.formSubmission ?? detail;
}
