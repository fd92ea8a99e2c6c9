import { askFirst } from "./confirm.ts";
import { formOf } from "./forms.ts";
import { Pacing } from "./pacing.ts";

const pacing = new Pacing((milliseconds, run) => {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
});

// On their way in, so that what waited is called before what the event itself calls.
for (const type of ["change", "blur", "submit", "turbo:before-cache", "visibilitychange"])
  addEventListener(type, flush, true);

/** Makes the calls that an element declares for an event: when its pace allows, and the visitor, where it has that asked. */
export function callDeclared(element: Element, eventType: string, call: () => void): void {
  pacing.pace(element, eventType, () => askFirst(element, call));
}

/** Who leaves a field or a form, or the page, is done with it: makes the calls that wait. */
export function flush({ type, target }: Event): void {
  const isLeft = /:|hide/.test(type) || document.hidden;
  const isDone = (element: Element) => target instanceof Element && belongTogether(element, target);
  pacing.flush(type, (element) => isLeft || isDone(element));
}

/** True for an element and what is in it, and for all that belongs to one form. */
function belongTogether(element: Element, other: Element): boolean {
  const form = formOf(other);
  return (form !== null && form === formOf(element)) || element.contains(other);
}
