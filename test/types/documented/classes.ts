import { Reflex } from "edge-reflex";

class Counter extends Reflex<{ count: number }> {
  increment(by: number): void {
    this.session.set("count", by);
  }
}

export const classes = { Counter };
