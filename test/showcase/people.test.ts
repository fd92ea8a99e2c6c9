import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { givenName, NAME_CHARS_MAX, toName } from "../../examples/showcase/people/names.ts";
import { type Pace, spend } from "../../examples/showcase/people/pace.ts";

describe("a pace", () => {
  it("lets nobody do more in any stretch of time than the burst and what the time has given", () => {
    const rule = { burst: 3, everyMs: 1000 };
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 3000 }), { maxLength: 60 }), (waits) => {
        let now = 0;
        let pace: Pace | undefined;
        const done: number[] = [];
        for (const wait of waits) {
          now += wait;
          const next = spend(pace, now, rule);
          if (next !== undefined) done.push(now);
          pace = next ?? pace;
        }
        for (const [index, from] of done.entries())
          for (const [more, to] of done.slice(index).entries())
            expect(more + 1).toBeLessThanOrEqual(rule.burst + (to - from) / rule.everyMs + 1e-9);
      }),
    );
  });

  it("is never too fast for who waits for each time", () => {
    let pace: Pace | undefined;
    for (let now = 0; now < 20_000; now += 1000) {
      pace = spend(pace, now, { burst: 1, everyMs: 1000 });
      expect(pace).toBeDefined();
    }
  });

  it("is not fooled by a clock that goes back", () => {
    const pace = spend(undefined, 10_000, { burst: 1, everyMs: 1000 });
    expect(spend(pace, 0, { burst: 1, everyMs: 1000 })).toBeUndefined();
  });
});

describe("a name", () => {
  it("is a line within its limit, without white space around it and without half of a character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
        const name = toName(typed);
        expect(name).toBe(name.trim());
        expect(name.length).toBeLessThanOrEqual(NAME_CHARS_MAX);
        expect(name).not.toMatch(/\s\s|[\n\t]|[\uD800-\uDBFF]$/);
      }),
    );
  });

  it("is given to who has chosen none: the same one again, and not to everybody the same", () => {
    const given = Array.from({ length: 50 }, (_, index) => givenName(`session ${index}`));
    expect(given).toEqual(Array.from({ length: 50 }, (_, index) => givenName(`session ${index}`)));
    expect(new Set(given).size).toBeGreaterThan(20);
    for (const name of given) expect(toName(name)).toBe(name);
  });

  it("is nothing where nothing was typed", () => {
    expect([toName(undefined), toName(" \n ")]).toEqual(["", ""]);
  });
});
