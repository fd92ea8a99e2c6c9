/** Whether an element can be seen: it is in the viewport, and its page is shown. */
export class Appearance {
  readonly #element: Element;
  readonly #appeared: () => void;
  readonly #listening = new AbortController();
  readonly #observer: IntersectionObserver;
  #isInViewport = false;

  /** @param appeared told whenever it can be seen that could not */
  constructor(element: Element, appeared: () => void) {
    this.#element = element;
    this.#appeared = appeared;
    this.#observer = new IntersectionObserver((entries) => {
      const wasSeen = this.isSeen;
      this.#isInViewport = entries.at(-1)?.isIntersecting === true;
      if (this.isSeen && !wasSeen) this.#appeared();
    });
    this.#observer.observe(element);
    const { signal } = this.#listening;
    const shown = () => this.isSeen && this.#appeared();
    element.ownerDocument.addEventListener("visibilitychange", shown, { signal });
  }

  get isSeen(): boolean {
    return this.#isInViewport && this.#element.ownerDocument.visibilityState === "visible";
  }

  /** Looks no more. */
  stop(): void {
    this.#listening.abort();
    this.#observer.disconnect();
  }
}
