/** Where a visitor was when they made a call. */
export interface CallPlace {
  /** What they made it with, if that was an element. */
  readonly caller: Element | undefined;
  /** What had the focus. */
  readonly focused: Element | null;
  /** When that was, in milliseconds since the page was loaded. */
  readonly at: number;
}

/** Runs an update that may give the focus to another element: to none when the visitor is elsewhere than where it was asked for. */
export type Giving = <Result>(update: (isElsewhere: boolean) => Result) => Result;

/** Tells the visitor's own going from what updates do with the focus: a late answer takes it from nobody who has gone elsewhere. */
export class GivenFocus {
  readonly #document: Document;
  /** What updates have given the focus to last, and when. */
  #given: Element | null = null;
  #at = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  /**
   * Runs an update, and notes where it has put the focus.
   *
   * @param place where the call was made that it answers; absent: it answers none
   */
  giving<Result>(place: CallPlace | undefined, update: (isElsewhere: boolean) => Result): Result {
    const { activeElement } = this.#document;
    const result = update(this.#hasLeft(place));
    if (this.#document.activeElement !== activeElement) {
      this.#given = this.#document.activeElement;
      this.#at = performance.now();
    }
    return result;
  }

  /**
   * True when the visitor is somewhere else than they were, or than an update has brought them since. Nobody is anywhere where the
   * focus is lost, and what is pressed takes the focus behind the call that it makes.
   */
  #hasLeft(place: CallPlace | undefined): boolean {
    if (place === undefined) return false;
    const { activeElement, body } = this.#document;
    const { caller, focused, at } = place;
    const given = this.#at < at ? null : this.#given;
    return ![null, body, caller, focused, given].includes(activeElement);
  }
}
