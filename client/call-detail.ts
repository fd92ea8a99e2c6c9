import type { CallDetail, CallMore } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import type { CallOptions } from "./call-arguments.ts";
import { snapshotOf } from "./element-snapshot.ts";
import { fieldsOf } from "./forms.ts";
import type { ReflexCall } from "./reflex-call.ts";

/**
 * What a call carries: its element, form and all else as they are at this moment.
 *
 * @param submitter the button that submitted the form, when one did
 */
export function detailOf(call: ReflexCall, options: CallOptions, submitter?: Element | null): CallDetail {
  const { element, args } = call;
  const { selectors, attrs } = options;
  const more = moreOf(call, options);
  const [tag = "", attributes = {}, ...state] = element ? snapshotOf(element) : [];
  return {
    element: element && [tag, attrs ?? attributes, ...state],
    form: formFieldsOf(element, options, submitter),
    args: args.length === 0 ? undefined : args,
    root: selectors === undefined ? element && rootOf(element) : String(selectors),
    more: Object.keys(more).length === 0 ? undefined : more,
  };
}

function moreOf({ element, controllerElement, params }: ReflexCall, options: CallOptions): CallMore {
  const fields = [...params];
  return {
    ...(options.includeInnerHTML && element && { html: element.innerHTML }),
    ...(options.includeTextContent && element && { text: element.textContent ?? "" }),
    ...(controllerElement && { controller: snapshotOf(controllerElement) }),
    ...(fields.length > 0 && { params: fields }),
    ...(options.suppressLogging && { quiet: 1 }),
  };
}

function formFieldsOf(
  element: Element | undefined,
  { serializeForm, formSelector }: CallOptions,
  submitter: Element | null | undefined,
): CallDetail["form"] {
  if (serializeForm === false) return undefined;
  const named =
    formSelector && (element?.closest(formSelector) ?? document.querySelector(formSelector) ?? undefined);
  const source = named || element;
  return source && fieldsOf(source, submitter instanceof HTMLElement ? submitter : null);
}

/** What the nearest of its ancestors limits page morphs to; selectors that find nothing in the page do not count. */
function rootOf(element: Element): string | undefined {
  const declaring = element.closest(`[${ATTRIBUTES.root}]`);
  if (declaring === null) return undefined;
  const root = declaring.getAttribute(ATTRIBUTES.root) ?? "";
  const isFound = root !== "" && element.ownerDocument.querySelector(root) !== null;
  return isFound || declaring.parentElement === null ? root || undefined : rootOf(declaring.parentElement);
}
