import { html } from "edge-reflex";
import { Hono } from "hono";
import { figure } from "../demo.ts";
import { DEMO_GROUPS } from "../demos.ts";
import type { PageEnv } from "../environment.ts";

const EXCERPT = {
  file: "worker.ts",
  text: `class Counter extends Reflex<{ count: number }> {
  increment() {
    const count = this.session.get("count") ?? 0;
    this.session.set("count", count + 1);
  }
}

app.get("/", (c) => c.render(html\`
  <b>\${c.var.session.get("count") ?? 0}</b>
  <button data-reflex="click->Counter#increment">+</button>\`));

export default createReflex({ app, reflexes: { Counter } });`,
};

/** What this is, and where its demos are. */
export const homePage = new Hono<PageEnv>().get("/", (c) => c.render(view, { title: "" }));

const view = html`<div class="home">
<header class="hero">
<div class="intro">
<h1>Pages that answer, without client code</h1>
<p class="lead">edge-reflex is StimulusReflex for the edge: an element names a method, the server runs it and renders
the page again, and the browser is brought to the new page.</p>
<p>No client state, no JSON API, no framework in the browser. The pages are plain hono routes. Focus, caret and
typing stay where they are.</p>
</div>
${figure(EXCERPT)}
</header>
<section class="demo-groups" aria-labelledby="demos-heading">
<h2 id="demos-heading">Demos</h2>
${DEMO_GROUPS.map(
  ({ name, demos }) => html`<div><h3 class="group-name">${name}</h3>
<ul class="cards">${demos.map(
    ({ path, label, what }) =>
      html`<li class="card"><h4><a href="${path}">${label}</a></h4><p>${what}</p></li>`,
  )}</ul></div>`,
)}
</section>
<section aria-labelledby="way-heading">
<h2 id="way-heading">The way of one click</h2>
<ol class="steps">
<li><h3>Call</h3><p>The browser sends <code>Counter#increment</code> and the button as it is, over one WebSocket.</p></li>
<li><h3>Run</h3><p>A Durable Object of your own, which holds your session, runs the method. One call at a time.</p></li>
<li><h3>Render</h3><p>The route renders the page again. Method and page succeed together, or nothing is kept.</p></li>
<li><h3>Morph</h3><p>The browser changes what differs and leaves alone what you are typing.</p></li>
</ol>
</section>
</div>`;
