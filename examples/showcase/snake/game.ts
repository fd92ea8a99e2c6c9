/** A way to go. */
export type Direction = "up" | "down" | "left" | "right";

/** A game as it is between two steps. Squares have numbers, from 0, row by row. */
export interface Game {
  /** The squares of the snake, its head first. */
  readonly snake: readonly number[];
  /** Where it went last. */
  readonly heading: Direction;
  /** Where it is to go, one turn a step: two quick keys are two turns. */
  readonly turns: readonly Direction[];
  /** The square of what it is after. */
  readonly food: number;
  readonly isOver: boolean;
}

/** Squares of the board, in a row and in a column. */
export const SIDE = 15;

/** Turns that wait; further ones are dropped. */
const TURNS_MAX = 3;

const STEPS: Readonly<Record<Direction, readonly [x: number, y: number]>> = {
  up: [0, -1],
  down: [0, 1],
  left: [-1, 0],
  right: [1, 0],
};

const OPPOSITE: Readonly<Record<Direction, Direction>> = {
  up: "down",
  down: "up",
  left: "right",
  right: "left",
};

/** A snake of three squares in the middle, on its way to the right. */
export function newGame(random: () => number = Math.random): Game {
  const middle = Math.floor(SIDE / 2) * SIDE + Math.floor(SIDE / 2);
  const snake = [middle, middle - 1, middle - 2];
  return { snake, heading: "right", turns: [], food: freeSquare(snake, random), isOver: false };
}

/** Has the snake turn at its next step, or after the turns that wait. It cannot turn back. */
export function turned(game: Game, direction: Direction): Game {
  const last = game.turns.at(-1) ?? game.heading;
  if (last === direction || last === OPPOSITE[direction] || game.turns.length >= TURNS_MAX) return game;
  return { ...game, turns: [...game.turns, direction] };
}

/** One square on. It is over at the border, in the snake itself, and when the board is full. */
export function stepped(game: Game, random: () => number = Math.random): Game {
  if (game.isOver) return game;
  const [heading = game.heading, ...turns] = game.turns;
  const head = neighbour(game.snake[0] ?? 0, heading);
  const isFed = head === game.food;
  // The end of the tail is about to leave its square, unless the snake grows.
  const rest = isFed ? game.snake : game.snake.slice(0, -1);
  if (head === undefined || rest.includes(head)) return { ...game, heading, turns, isOver: true };
  const snake = [head, ...rest];
  const food = isFed ? freeSquare(snake, random) : game.food;
  return { snake, heading, turns, food, isOver: snake.length === SIDE * SIDE };
}

/** `undefined` behind the border. */
function neighbour(square: number, direction: Direction): number | undefined {
  const [x, y] = STEPS[direction];
  const [column, row] = [(square % SIDE) + x, Math.floor(square / SIDE) + y];
  return column < 0 || column >= SIDE || row < 0 || row >= SIDE ? undefined : row * SIDE + column;
}

/** Any that the snake is not on; when there is none, -1, which is no square. */
function freeSquare(snake: readonly number[], random: () => number): number {
  const free = Array.from({ length: SIDE * SIDE }, (_, square) => square).filter(
    (each) => !snake.includes(each),
  );
  return free[Math.floor(random() * free.length)] ?? -1;
}
