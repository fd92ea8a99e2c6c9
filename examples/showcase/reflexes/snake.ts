import { Reflex } from "edge-reflex";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";
import { type Direction, newGame, stepped, turned } from "../snake/game.ts";

const DIRECTIONS: readonly Direction[] = ["up", "down", "left", "right"];

/** A game of snake, one for each tab. */
export class Snake extends Reflex<Values, Assigns, Env, TabValues> {
  start(): void {
    this.tab.set("snake", newGame());
  }

  /** A step, for each beat of the page's clock. */
  tick(): void {
    const game = this.tab.get("snake");
    if (game !== undefined) this.tab.set("snake", stepped(game));
  }

  /** The argument is the visitor's claim, whatever its type says. */
  turn(direction: Direction): void {
    const game = this.tab.get("snake");
    if (game !== undefined && DIRECTIONS.includes(direction)) this.tab.set("snake", turned(game, direction));
  }
}
