import { Reflex } from "edge-reflex";
import type { Assigns, Env, Kitchen as KitchenState, TabValues, Values } from "../environment.ts";

/** Timers that run at a time in the showcase; the runtime's own limit is far above. */
const RUNNING = 10;

/** Of those that have rung, so many are listed. */
const RUNG = 6;

/** How long a timer may run, in seconds. */
const SECONDS_MAX = 86_400;

/** Kitchen timers: each rings when its time has come, whether anybody looks or not. */
export class Kitchen extends Reflex<Values, Assigns, Env, TabValues> {
  /** `ring` is for the timers alone. */
  static override readonly actions = ["start", "stop", "forget"];

  start(): void {
    const seconds = Number(this.params.get("seconds"));
    const name = this.params.get("name")?.trim().slice(0, 40) || "Timer";
    const { count, running, rung } = this.#kitchen;
    if (!(seconds > 0 && seconds <= SECONDS_MAX) || running.length >= RUNNING) this.halt();
    if (!this.tab.has("openedAt")) this.tab.set("openedAt", Date.now());
    const number = count + 1;
    const at = Date.now() + seconds * 1000;
    this.later("Kitchen#ring", { at, id: `kitchen ${number}` }, number);
    this.session.set("kitchen", { count: number, running: [...running, { number, name, at }], rung });
  }

  /** Called by the timer. */
  ring(number: number): void {
    const { count, running, rung } = this.#kitchen;
    const timer = running.find((other) => other.number === number);
    if (timer === undefined) return;
    const others = running.filter((other) => other !== timer);
    const latest = [{ ...timer, rangAt: Date.now() }, ...rung].slice(0, RUNG);
    this.session.set("kitchen", { count, running: others, rung: latest });
  }

  stop(): void {
    const number = Number(this.element.dataset.number);
    this.timers.cancel(`kitchen ${number}`);
    const { running, ...others } = this.#kitchen;
    this.session.set("kitchen", { ...others, running: running.filter((timer) => timer.number !== number) });
  }

  forget(): void {
    this.session.set("kitchen", { ...this.#kitchen, rung: [] });
  }

  get #kitchen(): KitchenState {
    return this.session.get("kitchen") ?? { count: 0, running: [], rung: [] };
  }
}
