import { html, keyed } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { Journal, PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** Every press is a line, however bad the network is. */
export const networkPage = new Hono<PageEnv>().get("/network", (c) => {
  const journal = c.var.session.get("journal") ?? { count: 0, lines: [] };
  const view = demo({
    intro: INTRO,
    stage: stage(journal, c.var.assigns.echo ?? ""),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "A bad network", section: "/network", head: HEAD });
});

const HEAD = html`<script type="module" src="/assets/showcase.js"></script>`;

const INTRO = html`<h1>A bad network</h1>
<p class="lead">Choose one, then press the button as fast as you can. Every press becomes a line, and no press two.</p>`;

const ABOUT = html`<p>Each press is numbered in the browser and kept there until its answer has come. When the connection is lost, what is
unanswered is asked for again on the next one; the session object stores the number of a call in the same row as what the call changed, so it knows which it has
run. Reload while presses are on the way, or restart the server: the lines go on.</p>
<p>The text field says what the server heard last. It takes its time, and each time another; with <code>data-reflex-latest</code> the answer to an
older keystroke is never shown in place of a newer one. “Clear” is disabled while the page is offline, by <code>data-reflex-offline</code>.</p>`;

const stage = (
  { count, lines }: Journal,
  echo: string,
) => html`<div class="network" data-controller="network">
<fieldset class="network-kinds">
<legend>The network between you and your session</legend>
${[
  ["good", "as it is"],
  ["slow", "slow: 600 ms there and back"],
  ["bad", "bad: 400 to 1,200 ms, and one message in fifty is lost with its connection"],
].map(
  ([kind, label]) => html`<label><input type="radio" name="network" value="${kind}" checked=${kind === "good"}
  autocomplete="off" data-action="network#choose">${label}</label>`,
)}
</fieldset>
<p class="network-buttons">
<button id="write" class="button" type="button" data-press="0" data-network-target="press"
  data-action="network#press" data-reflex="click->Journal#write">Write a line</button>
<button id="clear" class="button button-quiet" type="button" data-reflex="click->Journal#clear" data-reflex-offline="disable">Clear</button>
</p>
<dl class="network-counts">
<div><dt>Presses of this page</dt><dd id="presses" data-network-target="presses" data-reflex-permanent>0</dd></div>
<div><dt>Lines in the session</dt><dd id="lines">${count}</dd></div>
</dl>
<ol class="network-lines" aria-label="The last lines">${keyed(
  lines,
  ({ number }) => number,
  ({ number, press }) => html`<li>line ${number}, press ${press}</li>`,
)}</ol>
<p class="network-echo"><label for="say">Type something</label>
<input id="say" class="text-input" type="text" maxlength="60" autocomplete="off" data-reflex="input->Journal#echo" data-reflex-latest>
The server heard: <output id="echo" for="say">${echo}</output></p>
</div>`;

const EXCERPTS = [
  excerpt("reflexes/journal.ts", "Journal.write", "Journal.echo"),
  excerpt("pages/network.ts", "stage"),
  excerpt("public/showcase.css", ".network-buttons [data-reflex-pending]::after"),
  excerpt("browser/network-controller.ts", "NETWORKS", "NetworkController.choose"),
];
