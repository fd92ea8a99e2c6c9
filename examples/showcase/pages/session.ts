import { html, type View } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv, Visitor } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** Who is there, and what is kept where for them. */
export const sessionPage = new Hono<PageEnv>().get("/session", (c) => {
  const { session, tab, flash, cookies, urls } = c.var;
  const stage = html`<div class="session" data-paper="${cookies.get("paper") === "sepia" ? "sepia" : "white"}">
<p id="notice" class="session-notice" role="status">${flash.get("notice")}</p>
${visitorBox(session.get("visitor"))}
<dl class="session-facts">
<div><dt>Your session</dt><dd><code id="session-id">${session.id.slice(0, 8)}</code></dd></div>
<div><dt>This page's address</dt><dd><code id="address">${urls.absolute("/session")}</code></dd></div>
</dl>
${paperBox(cookies.get("paper"))}
${wizard(tab.fetch("step", 1))}
</div>`;
  return c.render(demo({ intro: INTRO, stage, about: ABOUT, excerpts: EXCERPTS }), {
    title: "Session",
    section: "/session",
  });
});

const INTRO = html`<h1>A session</h1>
<p class="lead">Log in, open a second tab, log out in one of them. No password: any name will do.</p>`;

const ABOUT = html`<p>Logging in gives your session another cookie and keeps what is in it, so that a cookie which somebody has planted is worth
nothing. Logging out begins another session: look at its name. The other tabs of your browser follow by themselves.</p>
<p>A socket cannot set cookies. So the answer to a click carries a ticket, with which your browser fetches them in a short request of its own; they are
<code>HttpOnly</code>, as the paper's colour is here.</p>
<p>The three steps belong to this tab: reload, and they are where they were; open another tab, and it begins at the first.</p>
<p>Tick “forget me after a minute”, log in, and leave the page alone: when your session ends, the page says so by itself.</p>`;

const visitorBox = (visitor: Visitor | undefined): View =>
  visitor === undefined
    ? html`<form id="log-in" class="session-form" data-reflex="submit->Visitor#logIn">
<label for="name">Your name</label> <input id="name" name="name" class="text-input" type="text" maxlength="40" autocomplete="off">
<button class="button" type="submit">Log in</button>
<label><input type="checkbox" name="brief" autocomplete="off"> forget me after a minute</label>
</form>`
    : html`<p class="session-form"><span>You are <b id="visitor">${visitor.name}</b>, since ${visitor.since.toISOString().slice(11, 19)} UTC.</span>
<button id="log-out" class="button" type="button" data-reflex="click->Visitor#logOut">Log out</button></p>`;

const paperBox = (paper: string | undefined): View => html`<fieldset class="session-paper">
<legend>The paper, kept in a cookie of your browser</legend>
${["white", "sepia"].map(
  (
    colour,
  ) => html`<label><input type="radio" name="paper" value="${colour}" checked=${colour === (paper ?? "white")}
  autocomplete="off" data-reflex="change->Visitor#dress"> ${colour}</label>`,
)}
</fieldset>`;

const wizard = (step: number): View => html`<section class="session-steps" aria-labelledby="steps-heading">
<h2 id="steps-heading">Three steps of this tab</h2>
<p>Step <b id="step">${step}</b> of 3</p>
<button id="back" class="button button-quiet" type="button" aria-disabled="${step === 1}" data-reflex="click->Visitor#back">Back</button>
<button id="next" class="button" type="button" aria-disabled="${step === 3}" data-reflex="click->Visitor#next">Next</button>
</section>`;

const EXCERPTS = [excerpt("reflexes/visitor.ts", "Visitor"), excerpt("pages/session.ts", "sessionPage")];
