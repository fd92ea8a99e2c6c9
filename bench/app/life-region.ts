import { nextGeneration, randomCells, rowPath, SIDE } from "../../examples/showcase/life/cells.ts";
import { html, keyed, type View } from "../../src/index.ts";

const ROWS = Array.from({ length: SIDE }, (_, row) => row);

/** Where the first board comes from: the same for every run. */
const SEED = 42;

/** In the memory of the isolate, as what other pages of topics show. */
let cells = randomCells(randomFrom(SEED));
let shown = 0;

/** The game of life, a path for each row, as the showcase has it; and the number of the change that made this generation. */
export function lifeView(): View {
  return html`<div><svg viewBox="0 0 ${SIDE} ${SIDE}">${keyed(
    ROWS,
    String,
    (row) => html`<path transform="translate(0 ${row + 0.5})" d="${rowPath(cells, row)}"></path>`,
  )}</svg><output>${`change ${shown}.`}</output></div>`;
}

/** Change number `n`: the next generation. */
export function liveOn(n: number): void {
  cells = nextGeneration(cells);
  shown = n;
}

/** A linear congruential generator: from 0 to 1, exclusive. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
