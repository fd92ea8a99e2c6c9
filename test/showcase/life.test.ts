import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Cells,
  emptyCells,
  isCell,
  isSame,
  nextGeneration,
  population,
  randomCells,
  rowPath,
  SIDE,
  toggled,
} from "../../examples/showcase/life/cells.ts";

const cells = fc
  .uint8Array({ minLength: SIDE * SIDE, maxLength: SIDE * SIDE, max: 1 })
  .map((array) => Uint8Array.from(array));
const step = fc.integer({ min: -SIDE, max: SIDE });

/** A board with cells at these columns and rows. */
function withCells(...places: readonly (readonly [column: number, row: number])[]): Cells {
  return places.reduce((cells, [column, row]) => toggled(cells, row * SIDE + column), emptyCells());
}

/** The board moved so far to the right and down, over its edges. */
function moved(cells: Cells, right: number, down: number): Cells {
  return cells.map((_, index) => {
    const column = ((index % SIDE) - right + 2 * SIDE) % SIDE;
    const row = (Math.floor(index / SIDE) - down + 2 * SIDE) % SIDE;
    return cells[row * SIDE + column] ?? 0;
  });
}

/** The rules, said in another way: which cells live among the neighbours of those that do. */
function byNeighbours(cells: Cells): Cells {
  const counts = emptyCells();
  for (const [index, cell] of cells.entries()) {
    if (cell === 0) continue;
    for (const right of [-1, 0, 1])
      for (const down of [-1, 0, 1]) {
        const column = ((index % SIDE) + right + SIDE) % SIDE;
        const row = (Math.floor(index / SIDE) + down + SIDE) % SIDE;
        if (right !== 0 || down !== 0) counts[row * SIDE + column] = (counts[row * SIDE + column] ?? 0) + 1;
      }
  }
  return counts.map((count, index) => Number(count === 3 || (count === 2 && cells[index] === 1)));
}

describe("a generation of life", () => {
  it("is what the rules say, everywhere", () => {
    fc.assert(
      fc.property(cells, (cells) => {
        expect(isSame(nextGeneration(cells), byNeighbours(cells))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("is the same wherever on the board it happens, since its edges meet", () => {
    fc.assert(
      fc.property(cells, step, step, (cells, right, down) => {
        const one = nextGeneration(moved(cells, right, down));
        expect(isSame(one, moved(nextGeneration(cells), right, down))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves a block, turns a blinker, and takes a glider one cell on in four", () => {
    const block = withCells([0, 0], [1, 0], [0, 1], [1, 1]);
    expect(isSame(nextGeneration(block), block)).toBe(true);
    const blinker = withCells([4, 5], [5, 5], [6, 5]);
    expect(isSame(nextGeneration(blinker), withCells([5, 4], [5, 5], [5, 6]))).toBe(true);
    const glider = withCells([1, 0], [2, 1], [0, 2], [1, 2], [2, 2]);
    const later = [1, 2, 3, 4].reduce(nextGeneration, glider);
    expect(isSame(later, moved(glider, 1, 1))).toBe(true);
  });
});

describe("the board of life", () => {
  it("is drawn so that each living cell is covered, and no other", () => {
    fc.assert(
      fc.property(cells, (cells) => {
        for (let row = 0; row < SIDE; row += 1) {
          const drawn = emptyCells();
          for (const [, from = "", length = ""] of rowPath(cells, row).matchAll(/M(\d+) 0h(\d+)/g))
            drawn.fill(1, row * SIDE + Number(from), row * SIDE + Number(from) + Number(length));
          const alone = cells.map((cell, index) => (Math.floor(index / SIDE) === row ? cell : 0));
          expect(isSame(drawn, alone)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  it("is full of life at random, by a quarter", () => {
    expect(population(randomCells(() => 0.24))).toBe(SIDE * SIDE);
    expect(population(randomCells(() => 0.25))).toBe(0);
  });

  it("knows its cells from other numbers", () => {
    expect([0, SIDE * SIDE - 1].every(isCell)).toBe(true);
    expect([-1, SIDE * SIDE, 0.5, Number.NaN, "1", null, undefined].some(isCell)).toBe(false);
  });

  it("is as it was when a cell is pressed twice", () => {
    fc.assert(
      fc.property(cells, fc.nat({ max: SIDE * SIDE - 1 }), (cells, index) => {
        const once = toggled(cells, index);
        expect(Math.abs(population(once) - population(cells))).toBe(1);
        expect(isSame(toggled(once, index), cells)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
