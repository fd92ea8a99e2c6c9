import { html } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { SAMPLE_GROUPS } from "../operations/samples.ts";
import { stage } from "../operations/stage.ts";

/** Loads the log of events, which is a Stimulus controller. */
const HEAD = html`<script type="module" src="/assets/showcase.js"></script>`;

/** Every operation, with a button that has it carried out. */
export const operationsPage = new Hono<PageEnv>().get("/operations", (c) => {
  const view = demo({ intro: INTRO, stage: BOARD, isWide: true, about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Operations", section: "/operations", head: HEAD });
});

const INTRO = html`<h1>Operations</h1>
<p class="lead">Explicit instructions from the server to the page, in the words of CableReady: one for each button. What happens around each of them is
written down as it happens.</p>`;

const NAMES = SAMPLE_GROUPS.flatMap(({ samples }) => Object.keys(samples));

const BOARD = html`<div id="demo" class="operations">
<div class="operations-stage"><div id="stage">${stage()}</div><div id="side"></div>
<p><label for="progress">Work</label> <progress id="progress" max="100" value="0"></progress></p>
<p class="operations-buttons">
<button id="work" class="button" type="button" data-reflex="click->Operations#work">Work, and say how far it is</button>
<button id="reset" class="button button-quiet" type="button" data-reflex="click->Operations#reset">As it was</button></p></div>
<div><h2 id="log-heading">Events</h2>
<div id="log" class="operations-log" role="log" aria-labelledby="log-heading" tabindex="0" data-reflex-permanent data-controller="operation-log" data-operation-log-names-value="${JSON.stringify(NAMES)}"></div></div>
${SAMPLE_GROUPS.map(
  ({ name, samples }, index) =>
    html`<section class="operations-group" aria-labelledby="group-${index}"><h2 id="group-${index}">${name}</h2>
<p class="operations-buttons">${Object.keys(samples).map(
      (operation) =>
        html`<button class="button button-quiet" type="button" data-operation="${operation}" data-reflex="click->Operations#carryOut">${operation}</button>`,
    )}</p></section>`,
)}</div>`;

const ABOUT = html`<p>An update says what the page should be; an operation says what to do. They are carried out in the order in which the reflex
asked for them, behind the update of the page, or before it, or at once while the reflex still works: as the bar does.</p>
<p>Around each of them an event is dispatched before and after, where it acts. A listener may change the operation, or leave it out. One that
fails, or finds no element, stops no other.</p>
<p>What operations do to the page is to later updates as what a script of the page does. The file that knows all of them is loaded
with the first one.</p>`;

const EXCERPTS = [
  excerpt("reflexes/operations.ts", "Operations"),
  excerpt("operations/samples.ts", "CONTENT", "STATE", "BROWSER", "WINDOW"),
];
