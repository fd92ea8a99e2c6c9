import { Reflex } from "edge-reflex";
import { findSample } from "../operations/samples.ts";
import { stage } from "../operations/stage.ts";

/** Sends its page operations. */
export class Operations extends Reflex {
  static override readonly ephemeral = true;

  /** The one that its button names. */
  carryOut(): void {
    findSample(this.element.dataset.operation ?? "")?.(this.cable);
    this.morph("nothing");
  }

  /** Says how far it is, while it works. */
  async work(): Promise<void> {
    for (let percent = 0; percent <= 100; percent += 20) {
      await this.cable.setValue("#progress", { value: percent }).broadcast();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    this.cable.announce({ text: "The work is done" });
    this.morph("nothing");
  }

  /** Everything as it was. */
  reset(): void {
    this.cable.innerHtml("#stage", { html: stage() }).innerHtml("#side", { html: null });
    this.morph("nothing");
  }
}
