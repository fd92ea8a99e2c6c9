import { Reflex } from "edge-reflex";
import type { Values } from "../environment.ts";

/** Takes balls from the visitor; only a page load gives any. */
export class Balls extends Reflex<Values> {
  /** The oldest one. Does nothing when none is left. */
  use(): void {
    const [, ...left] = this.session.get("balls") ?? [];
    this.session.set("balls", left);
  }
}
