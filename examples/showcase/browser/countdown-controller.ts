import { Controller } from "@hotwired/stimulus";

/** Counts the seconds down to a time. */
export class CountdownController extends Controller<HTMLElement> {
  static override values = { at: Number };

  declare readonly atValue: number;

  #ticking: ReturnType<typeof setInterval> | undefined;

  override connect(): void {
    this.#tick();
    this.#ticking = setInterval(() => this.#tick(), 1000);
  }

  override disconnect(): void {
    clearInterval(this.#ticking);
  }

  #tick(): void {
    const seconds = Math.max(0, Math.ceil((this.atValue - Date.now()) / 1000));
    this.element.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
}
