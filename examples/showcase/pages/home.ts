import { html } from "edge-reflex";
import { Hono } from "hono";
import { figure } from "../demo.ts";
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

const DEMOS = [
  {
    path: "/counter",
    name: "Counter",
    what: "A number in your session that outlives reloads, restarts and tabs.",
  },
  {
    path: "/value",
    name: "Value",
    what: "What you type, shown by the server at every keystroke and kept nowhere.",
  },
  {
    path: "/balls",
    name: "Balls",
    what: "One handler that knows a page load from a reflex: three balls or none.",
  },
  {
    path: "/todos",
    name: "Todos",
    what: "TodoMVC to the letter, on a SQL database, with routes for its filters.",
  },
  {
    path: "/rows",
    name: "Rows",
    what: "A thousand of them, moved, searched and changed; and what each update costs.",
  },
  {
    path: "/clicks",
    name: "Clicks of all",
    what: "A number that every visitor counts, and one that is computed once for all of them.",
  },
  {
    path: "/network",
    name: "A bad network",
    what: "Slow, lossy, cut: every press counts, and counts once.",
  },
  {
    path: "/timer",
    name: "Timer",
    what: "It goes on while the tab is closed, and rings once, in its time.",
  },
  {
    path: "/session",
    name: "A session",
    what: "Log in and out, messages, cookies that no script can read, and what belongs to one tab.",
  },
  {
    path: "/report",
    name: "A report",
    what: "Over everybody’s todos, made by a queue while you do something else.",
  },
  {
    path: "/structures",
    name: "Structures",
    what: "Counters, lists, sets and slots: in your session, and shared by all visitors.",
  },
] as const;

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
<section aria-labelledby="demos-heading">
<h2 id="demos-heading">Demos</h2>
<ul class="cards">${DEMOS.map(
  ({ path, name, what }) => html`<li class="card"><h3><a href="${path}">${name}</a></h3><p>${what}</p></li>`,
)}</ul>
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
