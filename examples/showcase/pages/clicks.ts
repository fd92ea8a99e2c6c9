import { html } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv, Reckoning } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** A number that all visitors count, and one that one of them computes for all. */
export const clicksPage = new Hono<PageEnv>().get("/clicks", async (c) => {
  const { cache, session, assigns } = c.var;
  const clicks = await cache.fetch("clicks", () => 0);
  const reckoning = assigns.reckoning ?? (await cache.read<Reckoning>("clicks:reckoning"));
  const view = demo({
    intro: INTRO,
    stage: stage(clicks, { reckoning, you: session.id.slice(0, 4) }),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Clicks of all", section: "/clicks" });
});

const INTRO = html`<h1>Clicks of all</h1>
<p class="lead">A number that every visitor counts, and one that one visitor waits for and all others get. Open this page in
two browsers.</p>`;

const ABOUT = html`<p>The number of clicks is in the cache, which all sessions share. <code>increment</code> adds to it where it
is kept, so that no click is lost, however many come at once. The page of another visitor shows the new number with its next update:
press “Look again” there.</p>
<p>The second number takes a second. <code>fetch</code> has one of all visitors who ask at once compute it; the others wait for
that. For fifteen seconds nobody computes it again. After that, for five seconds more, whoever asks while one computes it anew
gets the old one at once.</p>
<p>What is done to the cache is done at once: it is no part of the reflex's transaction, and stays done when the reflex fails.</p>`;

const stage = (
  clicks: number,
  { reckoning, you }: { readonly reckoning: Reckoning | undefined; readonly you: string },
) => html`<div class="clicks">
<p>You are visitor <b id="you">${you}</b>.</p>
<div class="clicks-row">
<output id="clicks" class="count" for="click">${clicks}</output>
<button id="click" class="button" type="button" data-reflex="click->Clicks#count">Click</button>
<button id="look" class="button button-quiet" type="button" data-reflex="click->Clicks#look">Look again</button>
</div>
<div class="clicks-row">
<output id="reckoning" class="count" for="reckon">${reckoning?.number ?? "–"}</output>
<button id="reckon" class="button" type="button" data-reflex="click->Clicks#reckon">Reckon</button>
</div>
<p id="reckoned" class="clicks-note">${
  reckoning === undefined
    ? "Nobody has reckoned it for a while."
    : html`Reckoned by visitor <b id="reckoner">${reckoning.by}</b> at ${reckoning.at.toISOString().slice(11, 19)} UTC.`
}</p>
</div>`;

const EXCERPTS = [excerpt("reflexes/clicks.ts", "Clicks"), excerpt("pages/clicks.ts", "clicksPage")];
