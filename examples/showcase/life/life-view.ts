import { html, keyed, reflex, type View } from "edge-reflex";
import { Life } from "../reflexes/life.ts";
import { population, rowPath, SIDE } from "./cells.ts";
import type { LifeState } from "./life-runner.ts";

const ROWS = Array.from({ length: SIDE }, (_, row) => row);

/**
 * The board, the same for everybody. Each row is a path of its own, so that a generation sends the rows that differ, and not two thousand
 * five hundred cells. The mark of the keyboard belongs to the browser's script, and no update touches it.
 */
export function lifeBoard({ cells, generation, isPaused }: LifeState): View {
  return html`<div id="life" class="life-game">
<div id="life-board" class="life-board" role="application" tabindex="0" aria-label="The board, ${SIDE} by ${SIDE} cells" aria-describedby="life-help"
  data-life-target="board" data-action="click->life#press keydown->life#key">
<svg class="life-cells" viewBox="0 0 ${SIDE} ${SIDE}" aria-hidden="true">${keyed(
    ROWS,
    (row) => `${row}`,
    (row) => html`<path transform="translate(0 ${row + 0.5})" d="${rowPath(cells, row)}"></path>`,
  )}</svg>
<div class="life-mark" data-life-target="mark" data-reflex-permanent></div>
</div>
<p class="life-count">Generation <output id="generation">${generation}</output>, <output id="population">${population(cells)}</output> alive</p>
<div class="life-buttons">
<button id="pause" class="button" type="button" data-reflex="${reflex("click", Life, "pause", !isPaused)}">${isPaused ? "Go on" : "Pause"}</button>
<button id="scatter" class="button button-quiet" type="button" data-reflex="${reflex("click", Life, "scatter")}">Random</button>
<button id="clear" class="button button-quiet" type="button" data-reflex="${reflex("click", Life, "clear")}">Clear</button>
</div>
</div>`;
}
