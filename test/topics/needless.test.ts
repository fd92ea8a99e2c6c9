import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { withoutNeedless } from "../../src/topics/needless.ts";
import type { Item, Published } from "../../src/topics/topic-messages.ts";

const touch = (changed?: readonly string[], author?: string): Published => ({
  kind: "touch",
  ...(changed && { changed }),
  ...(author && { author }),
});
const OPERATIONS: Published = { kind: "operations", operations: [] };
const ROSTER: Published = { kind: "roster" };

const itemsOf = (...published: readonly Published[]): Item[] =>
  published.map((one, index) => ({ seq: index + 1, published: one }));

const PUBLISHED = fc.oneof(
  fc
    .record({
      changed: fc.option(fc.array(fc.constantFrom("a", "b", "c")), { nil: undefined }),
      author: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
    })
    .map(({ changed, author }) => touch(changed, author)),
  fc.constant(OPERATIONS),
  fc.constant(ROSTER),
);

/** Whether whoever is told of the one renders whatever the other would have rendered. */
function saysAll(heir: Published, { changed, author }: Extract<Published, { kind: "touch" }>): boolean {
  if (heir.kind !== "touch") return false;
  const isAuthors = heir.author === undefined || heir.author === author;
  const isAll = heir.changed === undefined || changed?.every((one) => heir.changed?.includes(one)) === true;
  return isAuthors && isAll;
}

describe("what a later publication makes needless", () => {
  it("is a touch before another, which says what both have changed", () => {
    expect(withoutNeedless(itemsOf(touch(["a"], "x"), touch(["b", "a"], "x")))).toEqual([
      { seq: 2, published: touch(["a", "b"], "x") },
    ]);
  });

  it("leaves a touch without what has changed where one of them does not say", () => {
    expect(withoutNeedless(itemsOf(touch(["a"]), touch()))).toEqual([{ seq: 2, published: touch() }]);
  });

  it("leaves it without them, too, where several touches together say more than one may", () => {
    const many = Array.from({ length: LIMITS.changedNames }, (_, at) => `name ${at}`);
    const told = withoutNeedless(itemsOf(touch(many), touch(["one more"])));
    expect(told).toEqual([{ seq: 2, published: touch() }]);
    expect(withoutNeedless(itemsOf(touch(many), touch(["name 0"])))).toEqual([
      { seq: 2, published: touch(many) },
    ]);
  });

  it("leaves nobody out as the author where there are two, or one is nobody", () => {
    for (const other of ["y", undefined])
      expect(withoutNeedless(itemsOf(touch([], "x"), touch([], other)))).toEqual([
        { seq: 2, published: touch([]) },
      ]);
  });

  it("is no touch before operations, which may need what it renders", () => {
    const items = itemsOf(touch(), OPERATIONS, touch(), ROSTER, touch(), ROSTER);
    expect(withoutNeedless(items).map(({ seq }) => seq)).toEqual([1, 2, 5, 6]);
  });

  it("leaves every operation in its place, and behind every touch one that says at least as much", () => {
    fc.assert(
      fc.property(fc.array(PUBLISHED), (published) => {
        const items = itemsOf(...published);
        const left = withoutNeedless(items);
        const operations = (some: readonly Item[]) => some.filter((one) => one.published === OPERATIONS);
        expect(operations(left)).toEqual(operations(items));
        expect(left.map(({ seq }) => seq)).toEqual(
          left.map(({ seq }) => seq).sort((one, other) => one - other),
        );
        for (const { seq, published: one } of items) {
          const barrier =
            items.find((item) => item.seq > seq && item.published === OPERATIONS)?.seq ?? Infinity;
          const heirs = left.filter((item) => item.seq >= seq && item.seq < barrier);
          if (one.kind === "touch")
            expect(heirs.some(({ published: heir }) => saysAll(heir, one))).toBe(true);
        }
      }),
    );
  });
});
