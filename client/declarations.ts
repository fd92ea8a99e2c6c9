import { ATTRIBUTES } from "../src/protocol/names.ts";

/** One entry of a `data-reflex` attribute. */
export interface Declaration {
  readonly eventType: string;
  /** `Class#action`. */
  readonly target: string;
}

/** Reads `event->Class#action` entries separated by white space; what has another shape is left out. */
export function parseDeclarations(text: string): readonly Declaration[] {
  return text.split(/\s+/).flatMap((entry) => {
    const [, eventType, target] = /^([^\s>]+?)->(\S+#\S+)$/.exec(entry) ?? [];
    return eventType === undefined || target === undefined ? [] : [{ eventType, target }];
  });
}

/** The element that answers an event, and what it calls, in the order written. */
export interface Match {
  readonly element: Element;
  readonly targets: readonly string[];
}

/**
 * Finds who answers an event: the nearest element from its target outwards that declares a reflex for its type.
 * An event that does not bubble concerns its target alone, as with a listener on the element itself.
 */
export function findMatch(event: Event): Match | undefined {
  let element = event.target instanceof Element ? event.target.closest(`[${ATTRIBUTES.reflex}]`) : null;
  while (element !== null) {
    const targets = targetsOf(element, event.type);
    if (targets.length > 0)
      return event.bubbles || element === event.target ? { element, targets } : undefined;
    element = element.parentElement?.closest(`[${ATTRIBUTES.reflex}]`) ?? null;
  }
  return undefined;
}

function targetsOf(element: Element, eventType: string): readonly string[] {
  return parseDeclarations(element.getAttribute(ATTRIBUTES.reflex) ?? "")
    .filter((declaration) => declaration.eventType === eventType)
    .map((declaration) => declaration.target);
}
