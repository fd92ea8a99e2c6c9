/** Fields of a form in document order. */
export type FormFields = readonly (readonly [name: string, value: string])[];

/**
 * Serialises the form that an element belongs to, as a browser would submit it: disabled, nameless and unchecked
 * fields absent, the submitter included in its place. Files are named, not sent. `undefined` outside a form.
 *
 * @param submitter the button that submitted the form, when one did
 */
export function fieldsOf(element: Element, submitter?: HTMLElement | null): FormFields | undefined {
  const form = formOf(element);
  if (form === null) return undefined;
  const entries = new FormData(form, isSubmitterOf(form, submitter) ? submitter : null);
  return Array.from(entries, ([name, value]) => [name, typeof value === "string" ? value : value.name]);
}

/** FormData throws for a submitter of another form, and for what is no submitter. */
function isSubmitterOf(
  form: HTMLFormElement,
  element: HTMLElement | null | undefined,
): element is HTMLElement {
  if (!(element instanceof HTMLButtonElement || element instanceof HTMLInputElement)) return false;
  return element.form === form && (element.type === "submit" || element.type === "image");
}

/** The form that an element is, belongs to, or is in. */
export function formOf(element: Element): HTMLFormElement | null {
  if (element instanceof HTMLFormElement) return element;
  // Controls may belong to a form elsewhere in the page, by their form attribute.
  const owner: unknown = "form" in element ? element.form : null;
  return owner instanceof HTMLFormElement ? owner : element.closest("form");
}
