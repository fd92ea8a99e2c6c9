import { Reflex } from "edge-reflex";
import type { Assigns, Reckoning, Values } from "../environment.ts";

/** Counts and reckons for all visitors, in the cache. */
export class Clicks extends Reflex<Values, Assigns> {
  static override readonly ephemeral = ["look", "reckon"];

  async count(): Promise<void> {
    await this.cache.increment("clicks");
  }

  /** Shows what others have done meanwhile. */
  look(): void {}

  /** Takes long the first time, and no time for anybody until the number has expired. */
  async reckon(): Promise<void> {
    const options = { expiresIn: 15_000, raceConditionTtl: 5_000 };
    this.assigns.reckoning = await this.cache.fetch("clicks:reckoning", options, () => this.#reckon());
  }

  async #reckon(): Promise<Reckoning> {
    // Stands for what takes long: a report, another site's answer.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const number = Math.floor(Math.random() * 1_000_000);
    return { number, by: this.session.id.slice(0, 4), at: new Date() };
  }
}
