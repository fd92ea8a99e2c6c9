import { alikeIn, fetchPage, fillFrames } from "./update-page.ts";

/** An element that looks for its content. */
export interface Updatable extends Element {
  /** From where; of those with the same, one request serves all that wait. */
  readonly source: string;
  /** True while it waits to look. */
  readonly isWaiting: boolean;
  /** Has begun to look. */
  begun(): void;
  /** Has what it looked for; `undefined` where the page has none for it. */
  done(content: Element | undefined): void;
  /** Could not look. */
  failed(): void;
}

/** Fetches pages for elements that look for their content: of each address one at a time. */
export class Updates {
  readonly #all = new Set<Updatable>();
  /** The addresses that are being fetched; true where something is due behind that. */
  readonly #underWay = new Map<string, boolean>();

  /** The element is in the page. */
  add(element: Updatable): void {
    this.#all.add(element);
  }

  /** It is not any more. */
  remove(element: Updatable): void {
    this.#all.delete(element);
  }

  /** Looks for the content of all that wait for the same: behind what is under way, which may be older than their change. */
  async run(source: string): Promise<void> {
    const isUnderWay = this.#underWay.has(source);
    this.#underWay.set(source, true);
    if (isUnderWay) return;
    while (this.#underWay.get(source) === true) {
      this.#underWay.set(source, false);
      await this.#runOnce(source);
    }
    this.#underWay.delete(source);
  }

  async #runOnce(source: string): Promise<void> {
    const elements = [...this.#all].filter((element) => element.isWaiting && element.source === source);
    if (elements.length === 0) return;
    for (const element of elements) element.begun();
    try {
      await this.#bring(source, elements);
    } catch (error) {
      console.error(error);
      for (const element of elements) element.failed();
    }
  }

  async #bring(source: string, elements: readonly Updatable[]): Promise<void> {
    const page = await fetchPage(source);
    const contents = elements.map((element) => alikeIn(page, element)[placeOf(element)]);
    await Promise.all(contents.map((content) => content && fillFrames(content, source)));
    for (const [index, element] of elements.entries()) {
      const content = contents[index];
      if (content === undefined && element.isConnected)
        console.warn(`edge-reflex: ${source} has too few elements of one identifier for this one`, element);
      element.done(content);
    }
  }
}

/** Which it is of those of its identifier and address, in the order of the page. */
function placeOf(element: Element): number {
  return alikeIn(element.ownerDocument, element).indexOf(element);
}
