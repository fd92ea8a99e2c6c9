import { html } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** A number in the session, and two buttons that change it. */
export const counterPage = new Hono<PageEnv>().get("/counter", (c) => {
  const count = c.var.session.get("count") ?? 0;
  const view = demo({ intro: INTRO, stage: stage(count), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: `Counter: ${count}`, section: "/counter" });
});

const INTRO = html`<h1>Counter</h1>
<p class="lead">A number in the session, and two buttons that change it.</p>`;

const ABOUT = html`<p>A click sends the name of a class and a method, and the button as it is, to the Durable Object that
holds your session. The method reads the step from the button and writes the new count. Then the route that rendered
the page in the first place renders it again, and your browser takes over what differs.</p>
<p>The count belongs to your session, not to this tab. Reload, come back tomorrow, restart the server, or open a
second tab: it goes on from where it was. The title counts along.</p>`;

const stage = (count: number) => html`<div class="counter">
<button id="decrement" class="round-button" type="button" aria-label="One less"
  data-reflex="click->Counter#increment" data-step="-1">−</button>
<output id="count" class="count" for="decrement increment">${count}</output>
<button id="increment" class="round-button" type="button" aria-label="One more"
  data-reflex="click->Counter#increment" data-step="1">+</button>
</div>`;

const EXCERPTS = [
  excerpt("reflexes/counter.ts", "Counter"),
  excerpt("pages/counter.ts", "counterPage", "stage"),
];
