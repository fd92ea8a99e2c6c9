import type { Controller } from "@hotwired/stimulus";
import { ControllerCallbacks } from "./controller-callbacks.ts";
import type { Given, Reflexes, ReflexPromise, Target } from "./index.ts";
import { reflexes, start } from "./index.ts";

/** What `useReflex` adds to a controller. Declare it on the class: `declare stimulate: Stimulate`. */
export type Stimulate = <Name extends Target>(target?: Name, ...given: Given<Name>) => ReflexPromise;

/** The same as a whole, for classes that would rather merge an interface: `interface SearchController extends ReflexController {}`. */
export interface ReflexController {
  readonly stimulate: Stimulate;
  /** The page's calls that are under way, and the last that have ended. */
  readonly reflexes: Reflexes;
}

/** One for the whole page: it hears of every call, and knows whose it is. */
const callbacks = new ControllerCallbacks();

/**
 * Gives a Stimulus controller `this.stimulate("Class#action", …)` and `this.reflexes`, and has its callbacks called. The reflex
 * sees the controller's element, unless another element comes as the first argument. Called in the controller's `connect` or
 * `initialize`.
 *
 * Callbacks are methods by the name of the action, then those for all: `beforeRun` and `beforeReflex`, `runQueued`, `runDelivered`,
 * `runSuccess`, `runError`, `runHalted`, `runForbidden` and so on as in `reflexSuccess`, `afterRun`, `finalizeRun`. They get
 * the element, the target, the error or `null`, the call's id, and its payload.
 *
 * @returns `stimulate`, for code that would rather not add to the controller
 * @example
 * class SearchController extends Controller {
 *   connect() { useReflex(this); }
 *   search() { return this.stimulate("Search#run", this.inputTarget); }
 *   runError(element, target, error) { element.title = error.message; }
 * }
 */
export function useReflex(controller: Controller): Stimulate {
  const bound: Stimulate = (target, ...given) => {
    const [first]: readonly unknown[] = given;
    const own = first instanceof Element ? [] : [controller.element];
    return callbacks.callingFor(controller, () => start().stimulate(target, ...own, ...given));
  };
  callbacks.add(controller);
  Object.defineProperties(controller, {
    stimulate: { value: bound, configurable: true, writable: true },
    reflexes: { get: reflexes, configurable: true },
  });
  return bound;
}
