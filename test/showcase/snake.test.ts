import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Direction,
  type Game,
  newGame,
  SIDE,
  stepped,
  turned,
} from "../../examples/showcase/snake/game.ts";

const direction = fc.constantFrom<Direction>("up", "down", "left", "right");

/** Plays on until it is over, or nothing more is to be done. */
function played(
  game: Game,
  moves: readonly (Direction | undefined)[],
  random: () => number,
): readonly Game[] {
  const games = [game];
  for (const move of moves) {
    const last = games.at(-1) ?? game;
    games.push(stepped(move === undefined ? last : turned(last, move), random));
  }
  return games;
}

describe("a game of snake", () => {
  it("moves one square a step, grows by what it eats, and is never where it is twice", () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(direction, { nil: undefined }), { maxLength: 200 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.999_999, noNaN: true })),
        (moves, numbers) => {
          const random = () => numbers.next().value ?? 0;
          const games = played(newGame(random), moves, random);
          for (const [index, game] of games.entries()) {
            expect(new Set(game.snake).size).toBe(game.snake.length);
            expect(game.snake).not.toContain(game.food);
            const before = games[index - 1];
            if (before === undefined || game.isOver) continue;
            const grown = game.snake[0] === before.food ? 1 : 0;
            expect(game.snake.slice(1)).toEqual(before.snake.slice(0, before.snake.length - 1 + grown));
          }
        },
      ),
    );
  });

  it("is over at the border, and stays over", () => {
    const games = played(
      newGame(() => 0),
      Array(SIDE).fill(undefined),
      () => 0,
    );
    expect(games.at(-1)?.isOver).toBe(true);
    expect(games.at(-1)).toBe(games.at(-2));
    expect(games.findIndex(({ isOver }) => isOver)).toBe(Math.ceil(SIDE / 2));
  });

  it("is over when the snake meets itself, but not where its tail is leaving", () => {
    const square = { heading: "left", turns: ["down"], food: 0, isOver: false } as const;
    // Head at 32, tail where it goes to: 47.
    const round = { ...square, snake: [32, 33, 48, 47] };
    expect(stepped(round)).toMatchObject({ snake: [47, 32, 33, 48], isOver: false });
    expect(stepped({ ...round, snake: [32, 33, 48, 47, 46] }).isOver).toBe(true);
  });

  it("takes a turn a step, none back, and no more than three that wait", () => {
    const game = newGame(() => 0);
    expect(turned(game, "left")).toBe(game);
    expect(turned(game, "right")).toBe(game);
    const waiting = (["up", "left", "down", "right"] as const).reduce(turned, game);
    expect(waiting.turns).toEqual(["up", "left", "down"]);
    expect(stepped(waiting)).toMatchObject({ heading: "up", turns: ["left", "down"] });
  });

  it("is won when the board is full", () => {
    const all = Array.from({ length: SIDE * SIDE }, (_, square) => square);
    const game = { snake: all.slice(1), heading: "left", turns: [], food: 0, isOver: false } as const;
    expect(stepped(game)).toMatchObject({ snake: all, food: -1, isOver: true });
  });
});
