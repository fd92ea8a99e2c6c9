import { html } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** What is typed, shown by the server, and kept nowhere. */
export const valuePage = new Hono<PageEnv>().get("/value", (c) => {
  c.var.assigns.value ??= "nothing yet";
  const view = demo({
    intro: INTRO,
    stage: stage(c.var.assigns.value),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Value", section: "/value" });
});

const INTRO = html`<h1>Value</h1>
<p class="lead">What you type is shown by the server, and kept nowhere.</p>`;

const ABOUT = html`<p>Each keystroke calls <code>Value#show</code>, which hands the text to the page as
<code>assigns.value</code>. The page gives the value a default with <code>??=</code>, for when it is not a reflex that
renders it. Assigns live for one render: reload, and the default is back. The reflex is <code>ephemeral</code>: it only reads, so a keystroke costs no write.</p>
<p>The input is <code>data-reflex-permanent</code>, so no update touches it, however fast you type and however slow
the network is.</p>`;

const stage = (value: string) => html`<div class="value">
<label for="typed">Type something</label>
<input id="typed" class="text-input" type="text" maxlength="200" autocomplete="off"
  data-reflex-permanent data-reflex="input->Value#show">
<p id="value" class="value-shown">The value is: <strong>${value}</strong></p>
</div>`;

const EXCERPTS = [excerpt("reflexes/value.ts", "Value"), excerpt("pages/value.ts", "valuePage", "stage")];
