import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { settled } from "../support/topic-time.ts";
import { type Fate, PresenceWorld } from "./presence-world.ts";

const ADA = JSON.stringify({ name: "Ada" });
const BOB = JSON.stringify({ name: "Bob" });

/** Long enough for every grace, question and failure to be over. */
const QUIET_MS = (LIMITS.presenceFailures + 1) * LIMITS.presenceLeaseMs + 2 * LIMITS.leaveMs;

type Step =
  | { readonly kind: "show"; readonly session: string; readonly tabs: number; readonly meta: string }
  | { readonly kind: "kill" | "sleep" | "end"; readonly session: string }
  | { readonly kind: "restart" }
  | { readonly kind: "pass"; readonly milliseconds: number };

const sessions = fc.constantFrom("s1", "s2", "s3", "s4");

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant("show" as const),
        session: sessions,
        tabs: fc.nat({ max: 3 }),
        meta: fc.constantFrom(ADA, BOB),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("pass" as const), milliseconds: fc.nat({ max: 8_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom("kill" as const, "sleep" as const, "end" as const),
        session: sessions,
      }),
    },
  ),
  { maxLength: 40 },
);

const fates = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Fate>("made") },
    { weight: 1, arbitrary: fc.constantFrom<Fate>("lost", "unanswered", "late") },
  ),
  { maxLength: 60 },
);

async function run(world: PresenceWorld, step: Step): Promise<void> {
  if (step.kind === "pass") return await world.pass(step.milliseconds);
  if (step.kind === "restart") world.restart();
  else if (step.kind === "show") world.session(step.session).show(step.tabs, step.meta);
  else if (step.kind === "kill") world.session(step.session).kill();
  else if (step.kind === "sleep") {
    // An object with a call under way does not sleep.
    await world.pass(20_000);
    world.session(step.session).sleep();
  } else world.session(step.session).end();
  await settled();
}

describe("who is present in a topic", () => {
  it("is exactly who has open tabs, whatever is killed, lost or said twice", async () => {
    await fc.assert(
      fc.asyncProperty(steps, fates, async (taken, lost) => {
        const world = new PresenceWorld();
        world.fates = [...lost];
        for (const step of taken) await run(world, step);
        world.fates = [];
        await world.pass(QUIET_MS);
        const open = ["s1", "s2", "s3", "s4"]
          .map((name) => ({ name, session: world.session(name) }))
          .filter(({ session }) => session.tabs > 0)
          .map(({ name, session }) => ({
            id: `id-${name}`,
            tabs: session.tabs,
            meta: JSON.parse(session.meta),
          }));
        const listed = world.listed.map(({ id, tabs, meta }) => ({ id, tabs, meta }));
        expect(listed.sort((one, other) => (one.id < other.id ? -1 : 1))).toEqual(open);
      }),
      { numRuns: 2_000, verbose: 1 },
    );
  });

  it("stays so when something comes long after it was given up that an earlier life of its object had said", async () => {
    const world = new PresenceWorld();
    world.fates = ["late"];
    world.session("s1").show(0, ADA);
    await settled();
    world.session("s1").kill();
    world.session("s1").show(1, ADA);
    await world.pass(QUIET_MS);
    expect(world.listed).toMatchObject([{ id: "id-s1", tabs: 1 }]);
  });

  it("stays so when something comes long after it was given up, and the topic has forgotten what was said behind it", async () => {
    const world = new PresenceWorld();
    for (const tabs of [3, 0, 3]) {
      world.fates = tabs === 0 ? ["late"] : [];
      world.session("s1").show(tabs, ADA);
      await settled();
    }
    await world.pass(250);
    world.restart();
    await world.pass(QUIET_MS);
    expect(world.listed).toMatchObject([{ id: "id-s1", tabs: 3 }]);
  });

  it("is asked to say again what was on its way for too long, and is there by one call more", async () => {
    const world = new PresenceWorld();
    await world.pass(10_000);
    const said = { session: "s1", id: "id-s1", tabs: 1, meta: ADA };
    const number = world.time.now - LIMITS.presenceStaleMs - 1;
    expect(world.topic.attend({ ...said, number })).toEqual({ kind: "late", number: world.time.now });
    expect(world.listed).toEqual([]);
    expect(world.topic.attend({ ...said, number: number + 1 })).toEqual({ kind: "noted" });
    expect(world.listed).toMatchObject([{ id: "id-s1", tabs: 1 }]);
  });

  it("is told once for what changes together, and at once when it is quiet", async () => {
    const world = new PresenceWorld();
    await world.pass(1_000);
    for (let count = 0; count < 50; count += 1) world.session(`s${count}`).show(1, ADA);
    await world.pass(5_000);
    expect(world.listed.length).toBe(50);
    expect(world.told.length).toBe(2);
    expect(world.told[0]).toBe(1_000);
    expect(world.told[1]).toBeLessThanOrEqual(1_000 + LIMITS.rosterMs + 50);
  });

  it("is never told more often than its size allows, and everything that changed is told", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const world = new PresenceWorld();
        await world.pass(1_000);
        for (const step of taken) {
          const before = world.version;
          const { length } = world.told;
          await run(world, step);
          await world.pass(LIMITS.rosterMs + 10);
          if (step.kind !== "restart") expect(world.told.length > length).toBe(world.version !== before);
        }
        const gaps = world.told.slice(1).map((at, index) => at - (world.told[index] ?? 0));
        expect(Math.min(LIMITS.rosterMs, ...gaps)).toBeGreaterThanOrEqual(LIMITS.rosterMs);
      }),
      { numRuns: 500, verbose: 1 },
    );
  });

  it("tells after a restart what nobody was told of before it", async () => {
    const world = new PresenceWorld();
    await world.pass(1_000);
    world.session("s1").show(1, ADA);
    world.session("s2").show(1, BOB);
    await settled();
    expect(world.told.length).toBe(1);
    world.restart();
    await world.pass(3_000);
    expect(world.told.length).toBe(2);
  });

  it("loses nobody whose page is loaded again, and tells nobody of it", async () => {
    const world = new PresenceWorld();
    world.session("s1").show(2, ADA);
    await world.pass(1_000);
    const rows = world.store.rowsWritten;
    world.session("s1").show(1, ADA);
    await world.pass(LIMITS.leaveMs - 1);
    expect(world.listed).toMatchObject([{ tabs: 2 }]);
    world.session("s1").show(2, ADA);
    await world.pass(LIMITS.leaveMs);
    expect(world.told.length).toBe(1);
    expect(world.store.rowsWritten - rows).toBe(2);
  });

  it("lasts until the grace is over, and no longer", async () => {
    const world = new PresenceWorld();
    world.session("s1").show(1, ADA);
    await world.pass(1_000);
    world.session("s1").show(0, ADA);
    await world.pass(LIMITS.leaveMs - 1);
    expect(world.listed.length).toBe(1);
    await world.pass(1);
    expect(world.listed).toEqual([]);
    expect(world.told.at(-1)).toBe(1_000 + LIMITS.leaveMs);
  });

  it("ends at once with the session, and no statement that comes late brings it back", async () => {
    const world = new PresenceWorld();
    world.session("s1").show(1, ADA);
    await settled();
    world.fates = ["late"];
    world.session("s1").show(2, ADA);
    await settled();
    world.session("s1").end();
    await world.pass(1_000);
    expect(world.listed).toEqual([]);
    await world.pass(10_000);
    expect(world.listed).toEqual([]);
  });

  it("is asked soon after a restart, and seldom otherwise", async () => {
    const world = new PresenceWorld();
    for (const name of ["s1", "s2", "s3"]) world.session(name).show(1, ADA);
    await world.pass(1_000);
    const { calls } = world;
    await world.pass(LIMITS.presenceLeaseMs - 2_000);
    expect(world.calls).toBe(calls);
    await world.pass(1_000);
    expect(world.calls).toBe(calls + 3);
    world.session("s2").kill();
    world.restart();
    await world.pass(LIMITS.presenceAgainMs);
    expect(world.calls).toBe(calls + 6);
    await world.pass(LIMITS.leaveMs);
    expect(world.listed.map(({ id }) => id)).toEqual(["id-s1", "id-s3"]);
  });

  it("writes no row for those who are asked and are as they were", async () => {
    const world = new PresenceWorld();
    await world.pass(1_000);
    for (let count = 0; count < 20; count += 1) world.session(`s${count}`).show(1, ADA);
    await world.pass(1_000);
    const rows = world.store.rowsWritten;
    await world.pass(10 * LIMITS.presenceLeaseMs);
    expect(world.store.rowsWritten - rows).toBe(10);
    expect(world.told.length).toBe(2);
  });

  it("lists no more than it may, and counts the others", async () => {
    const world = new PresenceWorld();
    for (let count = 0; count < LIMITS.present + 7; count += 1) world.session(`s${count}`).show(1, ADA);
    await world.pass(5_000);
    expect(world.listed.length).toBe(LIMITS.present);
    expect(world.topic.roster()).toMatchObject({ count: LIMITS.present + 7 });
    world.session("s0").end();
    await settled();
    expect(world.listed.length).toBe(LIMITS.present);
    expect(world.listed.some(({ id }) => id === `id-s${LIMITS.present}`)).toBe(true);
  });

  it("counts no more sessions than it may", () => {
    const world = new PresenceWorld();
    const attend = (number: number) =>
      world.topic.attend({ session: `s${number}`, id: `i${number}`, tabs: 1, meta: ADA, number: 1 });
    attend(0);
    const [first] = world.store.rows.values();
    for (let count = 1; count < LIMITS.presentCounted && first !== undefined; count += 1)
      world.store.rows.set(`s${count}`, { ...first, session: `s${count}` });
    expect(attend(LIMITS.presentCounted)).toEqual({ kind: "full" });
    expect(attend(0)).toEqual({ kind: "noted" });
  });

  it("is the same for whoever knows it", async () => {
    const world = new PresenceWorld();
    world.session("s1").show(1, ADA);
    await settled();
    expect(world.topic.roster(world.version)).toEqual({ kind: "same" });
    const { version } = world;
    world.session("s1").show(1, BOB);
    await settled();
    expect(world.topic.roster(version)).toMatchObject({ kind: "roster" });
    world.restart();
    expect(world.topic.roster(version)).toMatchObject({ kind: "roster" });
  });
});
