import { html, keyed } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { Kitchen, KitchenTimer, PageEnv, RungTimer } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

const CHOICES = [
  [3, "3 seconds"],
  [10, "10 seconds"],
  [60, "a minute"],
  [300, "5 minutes"],
  [3600, "an hour"],
] as const;

/** Timers that go on while nobody looks. */
export const timerPage = new Hono<PageEnv>().get("/timer", (c) => {
  const { session, tab, reflex } = c.var;
  const kitchen = session.get("kitchen") ?? { count: 0, running: [], rung: [] };
  // A browser loads the page: what rang before the tab was there, rang while the visitor was away.
  if (reflex === undefined && kitchen.count > 0 && !tab.has("openedAt")) tab.set("openedAt", Date.now());
  const view = demo({
    intro: INTRO,
    stage: stage(kitchen, tab.get("openedAt") ?? 0),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Timer", section: "/timer", head: HEAD });
});

const HEAD = html`<script type="module" src="/assets/showcase.js"></script>`;

const INTRO = html`<h1>Timer</h1>
<p class="lead">Start a few, close the tab, come back. They ring in their time, and each once.</p>`;

const ABOUT = html`<p>A timer is a row in the storage of your session's Durable Object, written together with what the session lists: both, or
neither. When the first of them is due the object is woken, runs <code>Kitchen#ring</code> as it runs a click, and removes the row in the write that
changes the session. Every open tab shows it; without one, it is in the session for the next. Restart the server meanwhile: they ring.</p>
<p>Browsers may call <code>start</code>, <code>stop</code> and <code>forget</code>; <code>ring</code> is left out of the list and runs by timers alone. The
seconds are counted in the page, by a small Stimulus controller.</p>`;

const stage = ({ running, rung }: Kitchen, openedAt: number) => html`<div class="kitchen">
<form class="kitchen-form" data-reflex="submit->Kitchen#start">
<label>For what <input class="text-input" name="name" maxlength="40" autocomplete="off" placeholder="Tea"></label>
<label>How long <select class="text-input" name="seconds">${CHOICES.map(
  ([seconds, label]) => html`<option value="${seconds}">${label}</option>`,
)}</select></label>
<button class="button">Start</button>
</form>
<ul id="running" class="kitchen-list" aria-label="Running">${keyed(running, ({ number }) => number, runningItem)}</ul>
<ol id="rung" class="kitchen-list" aria-label="Rung, the latest first">${keyed(
  rung,
  ({ number }) => number,
  (timer) => rungItem(timer, openedAt),
)}</ol>
${rung.length > 0 && html`<p><button id="forget" class="button button-quiet" type="button" data-reflex="click->Kitchen#forget">Forget these</button></p>`}
</div>`;

/** The seconds are the page's own: no update of the server touches them. */
const runningItem = ({ number, name, at }: KitchenTimer) => html`<li><b>${name}</b>
<output id="left-${number}" data-controller="countdown" data-countdown-at-value="${at}" data-reflex-permanent>running</output>
<button class="button button-quiet" type="button" data-number="${number}" data-reflex="click->Kitchen#stop">Stop</button></li>`;

const rungItem = ({ name, at, rangAt }: RungTimer, openedAt: number) =>
  html`<li><b>${name}</b> rang${rangAt < openedAt ? " while you were away" : ""}, ${Math.max(0, rangAt - at)} ms after its time</li>`;

const EXCERPTS = [
  excerpt("reflexes/kitchen.ts", "Kitchen.start", "Kitchen.ring", "Kitchen.stop"),
  excerpt("pages/timer.ts", "stage"),
];
