import type { CallDetail } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { snapshotOf } from "./element-snapshot.ts";
import { fieldsOf } from "./forms.ts";
import type { ReflexCall } from "./reflex-call.ts";

/**
 * What a call carries: its element, form and all else as they are at this moment.
 *
 * @param submitter the button that submitted the form, when one did
 */
export function detailOf(call: ReflexCall, submitter?: Element | null): CallDetail {
  const { element, args, controllerElement } = call;
  const params = [...call.params];
  const hasParams = params.length > 0;
  return {
    element: element && snapshotOf(element),
    form: element && fieldsOf(element, submitter),
    args: args.length === 0 ? undefined : args,
    root: element && rootOf(element),
    more:
      controllerElement || hasParams
        ? {
            ...(controllerElement && { controller: snapshotOf(controllerElement) }),
            ...(hasParams && { params }),
          }
        : undefined,
  };
}

/** What the nearest of its ancestors limits page morphs to; selectors that find nothing in the page do not count. */
function rootOf(element: Element): string | undefined {
  const declaring = element.closest(`[${ATTRIBUTES.root}]`);
  if (declaring === null) return undefined;
  const root = declaring.getAttribute(ATTRIBUTES.root) ?? "";
  const isFound = root !== "" && isThere(element.ownerDocument, root);
  return isFound || declaring.parentElement === null ? root || undefined : rootOf(declaring.parentElement);
}

/** What is no selector finds nothing. */
function isThere(document: Document, selector: string): boolean {
  try {
    return document.querySelector(selector) !== null;
  } catch {
    return false;
  }
}
