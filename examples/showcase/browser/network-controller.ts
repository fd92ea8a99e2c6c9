import { Controller } from "@hotwired/stimulus";
import { type Conditions, simulate } from "edge-reflex/simulate";

/** The networks to choose from; the one as it is has no conditions. */
const NETWORKS: Readonly<Record<string, Conditions | undefined>> = {
  slow: { latencyMs: 600 },
  bad: { latencyMs: 400, jitterMs: 800, loss: 0.02 },
};

/** Puts the chosen network between the page and its session, and counts the presses that were made here. */
export class NetworkController extends Controller<HTMLElement> {
  static override targets = ["press", "presses"];

  declare readonly pressTarget: HTMLElement;
  declare readonly pressesTarget: HTMLElement;

  override disconnect(): void {
    simulate();
  }

  choose({ target }: Event): void {
    if (target instanceof HTMLInputElement) simulate(NETWORKS[target.value]);
  }

  /** Before the reflex reads the button: this listens on the button, and the client on the document. */
  press(): void {
    const presses = Number(this.pressesTarget.textContent) + 1;
    this.pressesTarget.textContent = String(presses);
    this.pressTarget.dataset.press = String(presses);
  }
}
