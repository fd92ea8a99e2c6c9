/** Finds what matches a selector that a page's author wrote, in document order; a malformed one finds nothing, and is told. */
export function findAll(document: Document, selector: string): readonly Element[] {
  try {
    return Array.from(document.querySelectorAll(selector));
  } catch (error) {
    console.error(`edge-reflex: ${JSON.stringify(selector.slice(0, 100))} is no selector`, error);
    return [];
  }
}
