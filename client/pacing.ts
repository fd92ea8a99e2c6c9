import { ATTRIBUTES } from "../src/protocol/names.ts";

/** An element whose calls for one event type wait, or have to wait when the next event comes. */
interface Pace {
  readonly element: Element;
  readonly eventType: string;
  /** The call that waits, of the latest event. */
  call: (() => void) | undefined;
  readonly cancel: () => void;
}

/**
 * Makes fewer calls than there are events, element by element and type by type: `data-reflex-debounce` waits until so many
 * milliseconds have passed without an event, `data-reflex-throttle` lets so many pass between two calls. The latest event
 * always has its call in the end.
 *
 *     events     a b c     d            debounce        c       d
 *                                       throttle   a     c     d
 */
export class Pacing {
  readonly #later: (milliseconds: number, run: () => void) => () => void;
  readonly #paces = new Set<Pace>();

  /** @param later runs something after a time; returns what cancels it */
  constructor(later: (milliseconds: number, run: () => void) => () => void) {
    this.#later = later;
  }

  /** Runs `call` at once, or later, or not at all when another event comes before. */
  pace(element: Element, eventType: string, call: () => void): void {
    const debounceMs = millisecondsOf(element, ATTRIBUTES.debounce);
    const ms = debounceMs ?? millisecondsOf(element, ATTRIBUTES.throttle);
    const waits = debounceMs !== undefined;
    for (const pace of this.#paces) {
      if (pace.element !== element || pace.eventType !== eventType) continue;
      if (ms !== undefined && !waits) {
        pace.call = call;
        return;
      }
      this.#end(pace);
    }
    if (ms !== undefined) {
      const cancel = this.#later(ms, () => {
        this.#end(pace);
        if (waits) call();
        else if (pace.call !== undefined) this.pace(element, eventType, pace.call);
      });
      const pace: Pace = { element, eventType, call: waits ? call : undefined, cancel };
      this.#paces.add(pace);
    }
    if (!waits) call();
  }

  /**
   * Makes waiting calls now, in their order.
   *
   * @param eventType what is being answered: its own calls go on waiting
   * @param concerns tells for which elements
   */
  flush(eventType: string, concerns: (element: Element) => boolean): void {
    for (const pace of [...this.#paces]) {
      if (pace.eventType === eventType || !concerns(pace.element)) continue;
      this.#end(pace);
      pace.call?.();
    }
  }

  #end(pace: Pace): void {
    pace.cancel();
    this.#paces.delete(pace);
  }
}

function millisecondsOf(element: Element, name: string): number | undefined {
  const text = element.getAttribute(name);
  if (text === null) return undefined;
  // Browsers run at once what they are asked to run after more than 2^31 milliseconds.
  if (/^\d{1,7}$/.test(text)) return Number(text);
  console.error(
    `edge-reflex: ${name}="${text.slice(0, 100)}" is no whole number of milliseconds, such as 300`,
  );
  return undefined;
}
