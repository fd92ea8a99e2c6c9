import { html, keyed } from "edge-reflex";
import { Hono } from "hono";
import { BALLS_MAX, type Ball, withBallsOfLoad } from "../balls/ball.ts";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** Three balls for each page load, and none for a reflex. */
export const ballsPage = new Hono<PageEnv>().get("/balls", (c) => {
  const { session, reflex } = c.var;
  // A handler runs for both: the page knows by `reflex` that this render is the answer to a call.
  if (reflex === undefined) session.set("balls", withBallsOfLoad(session.get("balls") ?? []));
  const balls = session.get("balls") ?? [];
  const view = demo({ intro: INTRO, stage: stage(balls), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Balls", section: "/balls" });
});

const INTRO = html`<h1>Balls</h1>
<p class="lead">You are given three balls on each page load, and none by a reflex.</p>`;

const ABOUT = html`<p>The same handler renders the page when your browser loads it and when a reflex has run. It tells
the two apart by <code>c.var.reflex</code>, which is there only when a reflex is the cause, and draws balls at random
only when it is not.</p>
<p>Handlers may write to the session as reflexes do. The list is keyed: when the first ball goes, the others stay the
elements they were. There is room for ${BALLS_MAX}.</p>`;

const stage = (balls: readonly Ball[]) => html`<div class="balls">
<p class="balls-left"><output id="balls" for="use">${balls.length}</output> ${balls.length === 1 ? "ball" : "balls"} left</p>
<ul class="ball-list" aria-label="Your balls">${keyed(balls, ({ id }) => id, drawn)}</ul>
${balls.length === 0 && html`<p class="balls-none">Reload the page for three more.</p>`}
<button id="use" class="button" type="button" aria-disabled="${balls.length === 0}" data-reflex="click->Balls#use">Use a ball</button>
</div>`;

/** As in a lottery, the tens have a colour each. */
const drawn = ({ id, number }: Ball) =>
  html`<li id="ball-${id}" class="ball" data-tens="${Math.floor(number / 10)}"><span>${number}</span></li>`;

const EXCERPTS = [excerpt("reflexes/balls.ts", "Balls"), excerpt("pages/balls.ts", "ballsPage", "stage")];
