import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CarryKey, isCarryKey, steppedPlace, withinBoard } from "../../examples/showcase/board/place.ts";

describe("a card that is carried by keyboard", () => {
  const lengths = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 });
  const keys = fc.array(
    fc.constantFrom<CarryKey>("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"),
  );

  it("is at a place of the board after any keys, and goes back by the opposite key", () => {
    fc.assert(
      fc.property(lengths, keys, (lengths, keys) => {
        let place = withinBoard({ lane: 0, index: 0 }, lengths);
        for (const key of keys) {
          place = steppedPlace(place, key, lengths);
          expect(withinBoard(place, lengths)).toEqual(place);
        }
        const down = steppedPlace(place, "ArrowDown", lengths);
        if (down.index !== place.index) expect(steppedPlace(down, "ArrowUp", lengths)).toEqual(place);
      }),
    );
  });

  it("reaches every place", () => {
    fc.assert(
      fc.property(lengths, (lengths) => {
        for (const [lane, length] of lengths.entries()) {
          const top = steppedPlace({ lane, index: length }, "Home", lengths);
          const reached = Array.from({ length }).reduce<{ lane: number; index: number }>(
            (place) => steppedPlace(place, "ArrowDown", lengths),
            top,
          );
          expect(reached).toEqual({ lane, index: length });
        }
        let place = { lane: 0, index: 0 };
        for (let lane = 0; lane < lengths.length; lane += 1)
          place = steppedPlace(place, "ArrowRight", lengths);
        expect(place.lane).toBe(lengths.length - 1);
      }),
    );
  });

  it("is not moved by other keys", () => {
    expect(["Enter", " ", "a", "toString"].filter(isCarryKey)).toEqual([]);
  });
});
