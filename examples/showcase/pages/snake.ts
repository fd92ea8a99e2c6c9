import { html, keyed, reflex, reflexes, type View } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Snake } from "../reflexes/snake.ts";
import { type Direction, type Game, newGame, SIDE } from "../snake/game.ts";

/** A game of which every step is a reflex. */
export const snakePage = new Hono<PageEnv>().get("/snake", (c) => {
  const view = demo({ intro: INTRO, stage: stage(c.var.tab.get("snake")), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Snake", section: "/snake" });
});

const stage = (game: Game | undefined) => html`<div class="snake">
<div class="snake-bar">
<p>Length <output id="length">${(game ?? AT_REST).snake.length}</output></p>
<p id="game" role="status">${statusOf(game)}</p>
<button id="start" class="button" type="button" data-reflex="${reflex("click", Snake, "start")}">${game === undefined ? "Start" : "New game"}</button>
</div>
${board(game ?? AT_REST)}
<div class="snake-keys" role="group" aria-label="Turn">${BUTTONS.map(turnButton)}</div>
${game !== undefined && !game.isOver && clock()}
</div>`;

/** An animation of the style sheet, which tells of every round that it has gone. It stands still while a beat is on its way. */
const clock = () =>
  html`<i id="clock" class="snake-clock" aria-hidden="true" data-reflex="${reflexes(
    reflex("animationiteration", Snake, "tick"),
    ...BUTTONS.map(([key]) =>
      reflex({ event: `keydown.${key}`, on: "window", prevent: true }, Snake, "turn", key),
    ),
  )}"></i>`;

/** The board of who has not begun. */
const AT_REST = newGame(() => 0.7);

/** Keyed, so that a square that changes travels alone. */
const board = (game: Game) =>
  html`<div id="board" class="board" role="img" aria-label="The board">${keyed(
    SQUARES,
    (square) => square,
    (square) => html`<i class="${kindOf(square, game)}"></i>`,
  )}</div>`;

const SQUARES = Array.from({ length: SIDE * SIDE }, (_, square) => square);

function kindOf(square: number, game: Game): string | null {
  if (game.snake[0] === square) return "head";
  if (game.snake.includes(square)) return "body";
  return game.food === square ? "food" : null;
}

const BUTTONS: readonly (readonly [direction: Direction, sign: string])[] = [
  ["up", "↑"],
  ["left", "←"],
  ["down", "↓"],
  ["right", "→"],
];

const turnButton = ([direction, sign]: readonly [Direction, string]): View =>
  html`<button id="${direction}" class="button button-quiet" type="button" aria-label="${direction}" 
  data-reflex="${reflex("click", Snake, "turn", direction)}">${sign}</button>`;

function statusOf(game: Game | undefined): string {
  if (game === undefined) return "";
  return game.isOver ? `Over, at a length of ${game.snake.length}.` : "It goes.";
}

const INTRO = html`<h1>Snake</h1>
<p class="lead">Every step of the game is a reflex: the server moves the snake, and the browser gets the squares that differ. Turn it with the arrows.</p>`;

const ABOUT = html`<p>This page has no script of its own. Its clock is an animation of the style sheet: each round ends with an
<code>animationiteration</code>, an event like any other, and so an element can declare a reflex for it. While an answer is on its way the client marks the
element, and the style sheet has marked clocks stand still; on a slow network the snake is slower, and never late.</p>
<p>The arrows are declared on the clock too: <code>keydown.up@window-&gt;Snake#turn("up"):prevent</code> hears the key wherever it is pressed, as
long as the element is in the page, and keeps the page from scrolling.</p>
<p>Of two hundred and twenty-five squares three or four change in a step. The game belongs to the tab; a tab that is hidden has no
animations, so the snake waits for you.</p>`;

const EXCERPTS = [
  excerpt("reflexes/snake.ts", "Snake"),
  excerpt("pages/snake.ts", "clock", "board"),
  excerpt("public/demos.css", ".snake-clock", ".snake-clock[data-reflex-pending]"),
  excerpt("snake/game.ts", "stepped"),
];
