import { html, reflex } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { addressOf, type Gravatar, pictureOf } from "../gravatar/picture.ts";
import { Pictures } from "../reflexes/pictures.ts";

/** A picture for an e-mail address. */
export const gravatarPage = new Hono<PageEnv>().get("/gravatar", (c) => {
  const view = demo({ intro: INTRO, stage: stage(c.var.assigns.gravatar), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Gravatar", section: "/gravatar" });
});

const stage = (gravatar: Gravatar | undefined) => html`<div class="gravatar">
<label for="email">E-mail address</label>
<input id="email" class="text-input" type="email" maxlength="254" autocomplete="off" spellcheck="false" placeholder="ada@example.com"
  data-reflex="${reflex("input", Pictures, "draw")}" data-reflex-debounce="150" data-reflex-latest>
${gravatar === undefined ? NOBODY : shown(gravatar.hash)}
</div>`;

const NOBODY = html`<p class="gravatar-nobody">Nobody yet.</p>`;

const shown = (hash: string) => html`<div class="gravatar-shown">
${pictureOf(hash)}
<p>Gravatar would have it at <code id="address">${addressOf(hash)}</code></p>
</div>`;

const INTRO = html`<h1>Gravatar</h1>
<p class="lead">Type an address; get the picture that stands for it.</p>`;

const ABOUT = html`<p>A public hash stands for an address that nobody has to see: <a href="https://docs.gravatar.com">Gravatar</a> knows pictures by the SHA-256 of
their owners' addresses. A reflex may <code>await</code>: here the platform's own <code>crypto.subtle</code>.</p>
<p>Nothing is fetched from anywhere. The picture is drawn on the server, as an SVG in a template like any other: of two pictures, the color and the
shape are what differs, so these two attributes are what travels.</p>`;

const EXCERPTS = [
  excerpt("reflexes/pictures.ts", "Pictures"),
  excerpt("gravatar/picture.ts", "gravatarOf", "pictureOf"),
  excerpt("pages/gravatar.ts", "stage"),
];
