/** Cells along each edge of the board, whose edges meet: what leaves it on one side comes back on the other. */
export const SIDE = 50;

/** Every cell, row by row: 1 where one lives. */
export type Cells = Uint8Array;

const EMPTY_CELL = 0;

/** A board without life. */
export function emptyCells(): Cells {
  return new Uint8Array(SIDE * SIDE);
}

/** A board on which about one cell in four lives. `random`: from 0 to 1, exclusive. */
export function randomCells(random: () => number = Math.random): Cells {
  return emptyCells().map(() => (random() < 0.25 ? 1 : 0));
}

/** The next generation, by Conway's rules: a cell lives that has three living neighbours, or has two and lives already. */
export function nextGeneration(cells: Cells): Cells {
  return cells.map((cell, index) => {
    const neighbours = livingAround(cells, index % SIDE, Math.floor(index / SIDE));
    return neighbours === 3 || (neighbours === 2 && cell === 1) ? 1 : 0;
  });
}

/** The same board with one cell made to live, or to die. */
export function toggled(cells: Cells, index: number): Cells {
  return cells.map((cell, at) => (at === index ? 1 - cell : cell));
}

/** Whether a number names a cell. */
export function isCell(index: unknown): index is number {
  return Number.isSafeInteger(index) && Number(index) >= 0 && Number(index) < SIDE * SIDE;
}

/** Whether two boards are the same. */
export function isSame(one: Cells, other: Cells): boolean {
  return one.every((cell, index) => cell === other[index]);
}

/** How many cells live. */
export function population(cells: Cells): number {
  return cells.reduce((sum, cell) => sum + cell, 0);
}

/** One row as the path of a line that is as wide as a cell: drawn through its living ones, from run to run. */
export function rowPath(cells: Cells, row: number): string {
  const runs: string[] = [];
  for (let column = 0; column < SIDE; column += 1) {
    const from = column;
    while (column < SIDE && cells[row * SIDE + column] === 1) column += 1;
    if (column > from) runs.push(`M${from} 0h${column - from}`);
  }
  return runs.join("");
}

/** The sum of the eight around a cell. */
function livingAround(cells: Cells, column: number, row: number): number {
  let sum = 0;
  for (let down = -1; down <= 1; down += 1)
    for (let right = -1; right <= 1; right += 1)
      if (down !== 0 || right !== 0) sum += cellAt(cells, column + right, row + down);
  return sum;
}

/** Columns and rows from -1 to the side, inclusive. */
function cellAt(cells: Cells, column: number, row: number): number {
  return cells[((row + SIDE) % SIDE) * SIDE + ((column + SIDE) % SIDE)] ?? EMPTY_CELL;
}
