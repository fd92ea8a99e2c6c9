import type { Controller } from "@hotwired/stimulus";
import type { ReflexResult } from "./index.ts";
import { stimulate } from "./index.ts";

/** What `useReflex` adds to a controller. Declare it on the class: `declare stimulate: Stimulate`. */
export type Stimulate = (target: string, ...args: readonly unknown[]) => Promise<ReflexResult>;

/**
 * Gives a Stimulus controller `this.stimulate("Class#action", …)`. The reflex sees the controller's element,
 * unless another element comes as the first argument. Called in the controller's `connect` or `initialize`.
 *
 * @returns the same function, for code that would rather not add to the controller
 * @example
 * class SearchController extends Controller {
 *   connect() { useReflex(this); }
 *   search() { return this.stimulate("Search#run", this.inputTarget); }
 * }
 */
export function useReflex(controller: Controller): Stimulate {
  const bound: Stimulate = (target, ...args) => {
    const [first] = args;
    return first instanceof Element
      ? stimulate(target, ...args)
      : stimulate(target, controller.element, ...args);
  };
  Object.assign(controller, { stimulate: bound });
  return bound;
}
