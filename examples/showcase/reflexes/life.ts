import { Reflex } from "edge-reflex";
import type { Assigns, Env, Values } from "../environment.ts";
import type { LifeRunner } from "../life/life-runner.ts";
import { spend } from "../people/pace.ts";

/** How often one visitor changes the board. */
const PACE = { burst: 30, everyMs: 250 };

/** What everybody does to the one game of life. It changes nothing of the visitor's session but their pace. */
export class Life extends Reflex<Values, Assigns, Env> {
  /** The argument is the visitor's claim: the game knows its cells. */
  async toggle(index: number): Promise<void> {
    this.#keepPace();
    this.payload.lives = await this.#game.toggle(index);
  }

  async scatter(): Promise<void> {
    this.#keepPace();
    await this.#game.scatter();
  }

  async clear(): Promise<void> {
    this.#keepPace();
    await this.#game.clear();
  }

  /** To what the button said, not to the contrary of what is: two who press it at once want the same. */
  async pause(isPaused: boolean): Promise<void> {
    this.#keepPace();
    await this.#game.pause(isPaused === true);
  }

  #keepPace(): void {
    const pace = spend(this.session.get("lifePace"), Date.now(), PACE);
    if (pace === undefined) this.halt();
    this.session.set("lifePace", pace);
  }

  get #game(): DurableObjectStub<LifeRunner> {
    return this.env.LIFE.getByName("1");
  }
}
