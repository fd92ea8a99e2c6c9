import type { FormField } from "../src/protocol/messages.ts";

/** Fields of a form in document order. */
export type FormFields = readonly FormField[];

/** What is chosen in the inputs of a form whose files are uploaded. */
export type FormFiles = readonly (readonly [input: HTMLInputElement, files: readonly File[]])[];

/** Inputs of files that are uploaded before a call of the form around them, of a button in it or of the input itself is made. */
const UPLOAD = "data-reflex-upload";

/**
 * Serialises the form that an element belongs to, as a browser would submit it: disabled, nameless and unchecked
 * fields absent, the submitter included in its place. Files are named, not sent. `undefined` outside a form.
 *
 * @param submitter the button that submitted the form, when one did
 */
export function fieldsOf(element: Element, submitter?: Element | null): FormFields | undefined {
  const form = formOf(element);
  if (form === null) return undefined;
  const entries = new FormData(form, isSubmitterOf(form, submitter) ? submitter : null);
  return Array.from(entries, ([name, value]) => [name, typeof value === "string" ? value : value.name]);
}

/** FormData throws for a submitter of another form, and for what is no submitter. */
function isSubmitterOf(form: HTMLFormElement, element: Element | null | undefined): element is HTMLElement {
  if (!(element instanceof HTMLButtonElement || element instanceof HTMLInputElement)) return false;
  return element.form === form && (element.type === "submit" || element.type === "image");
}

/**
 * The files that are chosen in the form of an element whose calls wait for them; `undefined` for one whose calls do not, as
 * those of a text field.
 */
export function filesOf(element: Element): FormFiles | undefined {
  // Not by `matches`: a form may have a field of that name.
  const isMeant = /^(form|button)$/.test(element.localName) || element.hasAttribute(UPLOAD);
  const form = isMeant ? formOf(element) : null;
  const inputs = Array.from(element.ownerDocument.querySelectorAll<HTMLInputElement>(`[${UPLOAD}]`));
  // They may be elsewhere in the page.
  const own = inputs.filter((input) => form !== null && input.form === form);
  return own.length > 0 ? own.map((input) => [input, [...(input.files ?? [])]]) : undefined;
}

/** The form that an element is, belongs to, or is in. */
export function formOf(element: Element): HTMLFormElement | null {
  if (element instanceof HTMLFormElement) return element;
  // Controls may belong to a form elsewhere in the page, by their form attribute.
  const owner: unknown = "form" in element ? element.form : null;
  return owner instanceof HTMLFormElement ? owner : element.closest("form");
}
