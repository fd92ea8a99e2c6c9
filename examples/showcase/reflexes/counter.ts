import { Reflex } from "edge-reflex";
import type { Values } from "../environment.ts";

/** Counts in the session. */
export class Counter extends Reflex<Values> {
  /** By the button's `data-step`, which is the visitor's claim as everything about an element is. */
  increment(): void {
    const step = Number(this.element.dataset.step ?? 1);
    const count = (this.session.get("count") ?? 0) + step;
    if (!Number.isSafeInteger(count)) {
      throw new RangeError(
        `The count would be ${count}; expected a whole number that can be counted exactly`,
      );
    }
    this.session.set("count", count);
  }
}
