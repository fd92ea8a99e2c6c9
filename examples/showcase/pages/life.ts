import { html, type PresenceList, type Region } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { LIFE_TOPIC } from "../life/life-runner.ts";

/** A game of life that all visitors watch and change. */
export const lifePage = new Hono<PageEnv>().get("/life", async (c) => {
  const here = await c.var.presence(LIFE_TOPIC, null);
  // The game goes on for who is about to watch it.
  await c.env.LIFE.getByName("1").watch();
  const board = await c.var.region(LIFE_TOPIC);
  const view = demo({
    intro: INTRO,
    stage: stage(board, watchersText(here)),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Life", section: "/life", head: HEAD });
});

const HEAD = html`<link rel="stylesheet" href="/together.css">
<script type="module" src="/assets/showcase.js"></script>`;

const stage = (board: Region, watchers: string) => html`<div class="life" data-controller="life">
${board}
<p id="watchers">${watchers}</p>
<p id="life-help" class="only-heard">Arrows go from cell to cell. Space makes a cell live, or die.</p>
<p id="life-said" class="life-said" role="status" data-life-target="said" data-reflex-permanent></p>
</div>`;

/** Whoever has just come is not counted yet, and needs no telling. */
function watchersText(here: PresenceList): string {
  const others = here.count - here.filter(({ isSelf }) => isSelf).length;
  if (others === 0) return "Nobody else watches.";
  return others === 1 ? "One other watches." : `${others} others watch.`;
}

const INTRO = html`<h1>Life</h1>
<p class="lead">One game of life for everybody, five generations a second. Click a cell, or go to it with the arrows and press <kbd>space</kbd>.</p>`;

const ABOUT = html`<p>The game is in an object of the application’s own, which runs while somebody is present in the topic <code>life:1</code>, and sleeps otherwise.
With each generation it says <code>reflex.touch(ctx, "life:1")</code>.</p>
<p>The board is the same for everybody. So it is a region: rendered once for each generation, where its topic is, and what changed in it is
sent to all who watch. No session renders its page for it. Who is slow misses generations, and holds nobody up.</p>
<p>A row of cells is a path of a picture: of a generation, the rows travel that differ. What is yours alone, the mark that the arrows move, is the
work of a little script, and no update touches it.</p>
<p>Conway’s rules: a cell lives on with two or three living neighbours, and comes alive with three. The edges of the board meet.</p>`;

const EXCERPTS = [
  excerpt("life/life-runner.ts", "LifeRunner.alarm"),
  excerpt("pages/life.ts", "lifePage"),
  excerpt("life/render-life.ts", "renderLife"),
  excerpt("life/life-view.ts", "lifeBoard"),
  excerpt("life/cells.ts", "nextGeneration", "rowPath"),
  excerpt("reflexes/life.ts", "Life.toggle"),
];
