import { Controller } from "@hotwired/stimulus";
import { type Stimulate, useReflex } from "edge-reflex/stimulus";
import { SIDE } from "../life/cells.ts";

/** Where the arrows lead from a cell. The edges of the board meet. */
const STEPS: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Tells the server which cell of the board was meant, by pointer or by keyboard. */
export class LifeController extends Controller<HTMLElement> {
  static override targets = ["board", "mark", "said"];

  declare readonly boardTarget: HTMLElement;
  declare readonly markTarget: HTMLElement;
  declare readonly saidTarget: HTMLElement;
  declare readonly stimulate: Stimulate;

  #column = Math.floor(SIDE / 2);
  #row = Math.floor(SIDE / 2);

  override connect(): void {
    useReflex(this);
    this.#mark();
  }

  press({ clientX, clientY }: MouseEvent): void {
    const { left, top, width, height } = this.boardTarget.getBoundingClientRect();
    this.#column = within(Math.floor(((clientX - left) / width) * SIDE));
    this.#row = within(Math.floor(((clientY - top) / height) * SIDE));
    this.#mark();
    void this.#toggle();
  }

  key(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== " " && event.key !== "Enter") return;
    // Neither do arrows scroll the page.
    event.preventDefault();
    if (step === undefined) return void this.#toggle();
    this.#column = (this.#column + step[0] + SIDE) % SIDE;
    this.#row = (this.#row + step[1] + SIDE) % SIDE;
    this.#mark();
    this.#say(this.#where);
  }

  async #toggle(): Promise<void> {
    const where = this.#where;
    try {
      const { outcome, payload } = await this.stimulate("Life#toggle", this.#row * SIDE + this.#column);
      if (outcome === "halted") return this.#say("That was a bit much at once. Wait a moment.");
      const lives =
        typeof payload === "object" && payload !== null && "lives" in payload && payload.lives === true;
      this.#say(`${where} ${lives ? "lives" : "dies"}.`);
    } catch (error) {
      console.error(error);
      this.#say(`${where} could not be changed. Please try again.`);
    }
  }

  get #where(): string {
    return `Row ${this.#row + 1}, column ${this.#column + 1}`;
  }

  #mark(): void {
    this.markTarget.style.setProperty("--column", `${this.#column}`);
    this.markTarget.style.setProperty("--row", `${this.#row}`);
  }

  #say(text: string): void {
    this.saidTarget.textContent = text;
  }
}

function within(index: number): number {
  return Math.min(Math.max(index, 0), SIDE - 1);
}
