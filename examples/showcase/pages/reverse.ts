import { html, reflex } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Reverse } from "../reflexes/reverse.ts";

/** Text, the other way round. */
export const reversePage = new Hono<PageEnv>().get("/reverse", (c) => {
  const view = demo({
    intro: INTRO,
    stage: stage(c.var.assigns.reversed ?? ""),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Reverse", section: "/reverse" });
});

const stage = (reversed: string) => html`<div class="reverse">
<label for="text">Type something</label>
<input id="text" class="text-input" type="text" maxlength="200" autocomplete="off" data-reflex="${reflex("input", Reverse, "turn")}">
<p>The other way round: <output id="reversed" for="text">${reversed}</output></p>
</div>`;

const INTRO = html`<h1>Reverse</h1>
<p class="lead">What you type comes back from the other end, an accent or a flag in one piece.</p>`;

const ABOUT = html`<p>This was the first demo of StimulusReflex. One attribute on the input, one method on the server, and the page that shows what the
method has assigned. An <code>&lt;output&gt;</code> is a live region: a screen reader says what it shows.</p>`;

const EXCERPTS = [
  excerpt("reflexes/reverse.ts", "Reverse"),
  excerpt("pages/reverse.ts", "reversePage", "stage"),
];
