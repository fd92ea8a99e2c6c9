import { EXTRA_ATTRIBUTES } from "./extra-attributes.ts";

/** What a page that asks its visitors by itself needs to know. */
export type ReflexConfirmEvent = CustomEvent<{
  /** What the element wants to have asked. */
  readonly message: string;
  /** Makes the element's calls, as they are then; once, however often it is called. */
  readonly proceed: () => void;
}>;

/**
 * Asks the visitor before an element calls, where it says so: by an event `reflex:confirm`, and, unless that is cancelled, in the
 * browser's own dialog.
 */
export function askFirst(element: Element, proceed: () => void): void {
  const message = element.getAttribute(EXTRA_ATTRIBUTES.confirm);
  let isOpen = true;
  const once = () => {
    if (isOpen) proceed();
    isOpen = false;
  };
  const detail = { message, proceed: once };
  const event = new CustomEvent("reflex:confirm", { bubbles: true, cancelable: true, detail });
  if (message === null || (element.dispatchEvent(event) && confirm(message))) once();
}
