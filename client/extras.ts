import type { CallDetail, CallMore, FormField } from "../src/protocol/messages.ts";
import type { CallOptions } from "./call-arguments.ts";
import { datasetsOf } from "./datasets.ts";
import { EXTRA_ATTRIBUTES } from "./extra-attributes.ts";
import { findAll } from "./find-all.ts";
import type { ReflexCall } from "./reflex-call.ts";

export { callDeclared, flush } from "./declared-calls.ts";
export { explain } from "./explain-entry.ts";

/** What a call is to carry: what `stimulate` was told, before what its element says. Tells the call whether it is logged. */
export function optionsOf(call: Pick<ReflexCall, "element" | "isQuiet">, given: CallOptions): CallOptions {
  const options = { ...optionsIn(call.element), ...given };
  call.isQuiet = options.suppressLogging === true;
  return options;
}

function optionsIn(element: Element | undefined): CallOptions {
  if (element === undefined) return {};
  const has = (name: string) => element.hasAttribute(name);
  const selector = element.getAttribute(EXTRA_ATTRIBUTES.formSelector);
  return {
    serializeForm: element.getAttribute(EXTRA_ATTRIBUTES.serializeForm) !== "false",
    ...(selector !== null && { formSelector: selector }),
    includeInnerHTML: has(EXTRA_ATTRIBUTES.innerHtml),
    includeTextContent: has(EXTRA_ATTRIBUTES.textContent),
    suppressLogging: has(EXTRA_ATTRIBUTES.suppressLogging),
  };
}

/**
 * Changes what a call carries to what it is to carry.
 *
 * @param fieldsOf reads the form that an element is, or is in
 */
export function complete(
  detail: CallDetail,
  { element }: Pick<ReflexCall, "element">,
  options: CallOptions,
  fieldsOf: (element: Element) => readonly FormField[] | undefined,
): CallDetail {
  const { selectors, attrs } = options;
  const more = { ...detail.more, ...(element && moreOf(element, options)), ...quiet(options) };
  const [tag, attributes = {}, ...state] = detail.element ?? [""];
  const source = options.formSelector === undefined ? undefined : formAt(options.formSelector, element);
  const form = source === undefined ? detail.form : fieldsOf(source);
  return {
    ...detail,
    element: detail.element && [tag, attrs ?? attributes, ...state],
    form: options.serializeForm === false ? undefined : form,
    root: selectors === undefined ? detail.root : String(selectors),
    more: Object.keys(more).length === 0 ? undefined : more,
  };
}

function moreOf(element: Element, options: CallOptions): CallMore {
  const values = valuesOf(element);
  return {
    ...datasetsOf(element),
    ...(options.includeInnerHTML && { html: element.innerHTML }),
    ...(options.includeTextContent && { text: element.textContent ?? "" }),
    ...(values && { values }),
  };
}

function quiet({ suppressLogging }: CallOptions): CallMore {
  return suppressLogging ? { quiet: 1 } : {};
}

/** The nearest element around a call's own that matches, else the first in the page. */
function formAt(selector: string, element: Element | undefined): Element | undefined {
  const found = findAll(document, selector);
  return found.findLast((form) => element !== undefined && form.contains(element)) ?? found[0];
}

/** What is checked of all the boxes of a name in a form, or outside of forms; absent for a box that is alone. */
function valuesOf(element: Element): readonly string[] | undefined {
  if (!(element instanceof HTMLInputElement) || !/^(checkbox|radio)$/.test(element.type)) return undefined;
  const { type, name, form } = element;
  const boxes = Array.from(document.querySelectorAll("input")).filter(
    (box) => name !== "" && box.type === type && box.name === name && box.form === form,
  );
  const checked = boxes.filter((box) => box.checked);
  return boxes.length > 1 ? checked.map(({ value }) => value) : undefined;
}

/**
 * Resolves when the browser has painted; after a second in a page that is hidden, which paints nothing.
 *
 * @param later runs something after so many milliseconds
 */
export function painted(later: (milliseconds: number, run: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    later(1000, resolve);
    requestAnimationFrame(() => later(0, resolve));
  });
}
