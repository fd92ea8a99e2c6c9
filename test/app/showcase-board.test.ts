import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { BoardStore, type Place } from "../../examples/showcase/board/board-store.ts";
import { CARDS_MAX, type Card, cardIdOf, LANES, type LaneId } from "../../examples/showcase/board/card.ts";

beforeAll(() => applyD1Migrations(env.DB, env.SHOWCASE_MIGRATIONS));

/** A board without cards. */
async function emptyBoard(): Promise<BoardStore> {
  await env.DB.prepare("DELETE FROM cards").run();
  return new BoardStore(env.DB);
}

/** Each statement takes the database a millisecond. */
const RUNS = { numRuns: 25 };

const TEA = { id: "tea", title: "Tea", lane: "todo" } as const;
const by = (key: string) => ({ name: "Ada", key });
const lane = fc.constantFrom<LaneId>(...LANES.map(({ id }) => id));
/** The board as one would keep it in memory: lists of ids. */
class BoardModel {
  readonly #lanes = new Map<LaneId, string[]>(LANES.map(({ id }) => [id, []]));

  get lanes(): Record<string, readonly string[]> {
    return Object.fromEntries(this.#lanes);
  }

  has(id: string): boolean {
    return [...this.#lanes.values()].some((ids) => ids.includes(id));
  }

  put(id: string, { lane, before }: Place): void {
    this.remove(id);
    const ids = this.#lanes.get(lane) ?? [];
    const at = before === undefined ? -1 : ids.indexOf(before);
    ids.splice(at === -1 ? ids.length : at, 0, id);
  }

  remove(id: string): void {
    for (const [lane, ids] of this.#lanes)
      this.#lanes.set(
        lane,
        ids.filter((one) => one !== id),
      );
  }
}

type Step =
  | { readonly kind: "add"; readonly id: string; readonly lane: LaneId }
  | { readonly kind: "move"; readonly id: string; readonly place: Place }
  | { readonly kind: "remove"; readonly id: string };

const id = fc.nat({ max: 7 }).map((number) => `c${number}`);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), id, lane }),
  fc.record({
    kind: fc.constant("move" as const),
    id,
    place: fc.record({ lane, before: fc.option(id, { nil: undefined }) }),
  }),
  fc.record({ kind: fc.constant("remove" as const), id }),
);

/** Does the same to the board and to its model. */
async function take(step: Step, store: BoardStore, model: BoardModel, key: string): Promise<void> {
  if (step.kind === "add") {
    expect(await store.add({ ...step, title: "Tea" }, by(key))).toBe(true);
    if (!model.has(step.id)) model.put(step.id, { lane: step.lane });
    return;
  }
  const card = await store.find(step.id);
  expect(card !== undefined).toBe(model.has(step.id));
  if (card === undefined) return;
  if (step.kind === "remove") {
    await store.remove(card);
    return model.remove(card.id);
  }
  const isAway = step.place.before !== card.id;
  expect(await store.move(card, step.place, by(key))).toMatchObject({ isDone: isAway });
  if (isAway) model.put(card.id, step.place);
}

function lanesOf(cards: readonly Card[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    LANES.map(({ id }) => [id, cards.filter((card) => card.lane === id).map((card) => card.id)]),
  );
}

describe("the board", () => {
  it("has every card in its place, whatever is added, moved and deleted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const [store, model] = [await emptyBoard(), new BoardModel()];
        for (const [index, step] of steps.entries()) await take(step, store, model, `${index}`);
        expect(lanesOf(await store.all())).toEqual(model.lanes);
      }),
      RUNS,
    );
  });

  it("lets one of two who have seen the same version move a card, and one of two give it a title", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom<"move" | "rename">("move", "rename"), { minLength: 2, maxLength: 6 }),
        async (wishes) => {
          const store = await emptyBoard();
          await store.add(TEA, by("tea"));
          const settled = await Promise.all(
            wishes.map((wish, index) =>
              wish === "move"
                ? store.move({ id: "tea", version: 1 }, { lane: "done" }, by(`${index}`))
                : store.rename({ id: "tea", version: 1 }, `Tea ${index}`, by(`${index}`)),
            ),
          );
          for (const kind of ["move", "rename"] as const) {
            const done = settled.filter(({ isDone }, index) => wishes[index] === kind && isDone);
            expect(done).toHaveLength(wishes.includes(kind) ? 1 : 0);
          }
          const [card] = await store.all();
          expect(card?.title).toBe(wishes.includes("rename") ? `Tea ${wishes.indexOf("rename")}` : "Tea");
          expect(card?.version).toBe(1 + new Set(wishes).size);
        },
      ),
      RUNS,
    );
  });

  it("says of a change that came too late how the card is", async () => {
    const store = await emptyBoard();
    await store.add(TEA, by("tea"));
    await store.move({ id: "tea", version: 1 }, { lane: "done" }, { name: "Grace", key: "first" });
    expect(await store.move({ id: "tea", version: 1 }, { lane: "doing" }, by("second"))).toEqual({
      isDone: false,
      card: {
        id: "tea",
        lane: "done",
        title: "Tea",
        version: 2,
        placed: 2,
        titled: 1,
        by: "Grace",
        did: "moved",
      },
    });
    expect((await store.remove({ id: "tea", version: 1 })).isDone).toBe(true);
    expect(await store.rename({ id: "tea", version: 2 }, "Coffee", by("third"))).toEqual({
      isDone: false,
      card: undefined,
    });
  });

  it("makes a change once, however often its call runs", async () => {
    const store = await emptyBoard();
    for (const _ of [1, 2]) expect(await store.add(TEA, by("tea"))).toBe(true);
    for (const _ of [1, 2]) {
      const { isDone, card } = await store.move({ id: "tea", version: 1 }, { lane: "done" }, by("move"));
      expect({ isDone, version: card?.version }).toEqual({ isDone: true, version: 2 });
    }
    expect(await store.all()).toHaveLength(1);
  });

  it("does not delete a card that somebody has written something else on", async () => {
    const store = await emptyBoard();
    await store.add(TEA, by("tea"));
    await store.rename({ id: "tea", version: 1 }, "Coffee", by("other"));
    expect(await store.remove({ id: "tea", version: 1 })).toMatchObject({
      isDone: false,
      card: { title: "Coffee" },
    });
    expect(await store.remove({ id: "tea", version: 2 })).toEqual({ isDone: true, card: undefined });
  });

  it("tells nobody by a card's id whose it is", async () => {
    const key = "the-session:the-tab:1";
    expect(await cardIdOf(key)).toMatch(/^[0-9a-f]{16}$/);
    expect(await cardIdOf(key)).toBe(await cardIdOf(key));
    expect(await cardIdOf("the-session:the-tab:2")).not.toBe(await cardIdOf(key));
  });

  it("takes so many cards and no more", async () => {
    const store = await emptyBoard();
    for (let index = 0; index < CARDS_MAX; index += 1)
      expect(await store.add({ ...TEA, id: `${index}` }, by(`${index}`))).toBe(true);
    expect(await store.add({ ...TEA, id: "one more" }, by("one more"))).toBe(false);
    expect(await store.all()).toHaveLength(CARDS_MAX);
  });
});
