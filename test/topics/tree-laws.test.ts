import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Publisher, Watcher } from "../support/topic-watcher.ts";
import { type Faults, TopicWorld } from "../support/topic-world.ts";

const TOPIC = "topic";
const WATCHERS = 40;
const REGIONS = ["weur", "enam", undefined];

/** What happens in a world; numbers choose among those that are there. */
const STEP = fc.oneof(
  { weight: 6, arbitrary: fc.record({ join: fc.nat(WATCHERS - 1) }) },
  { weight: 2, arbitrary: fc.record({ leave: fc.nat(WATCHERS - 1) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      publish: fc.constantFrom("touch" as const, "operations" as const),
      by: fc.nat(2),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kill: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ slow: fc.nat(WATCHERS - 1), ms: fc.constantFrom(0, 300, 20_000) }) },
  { weight: 1, arbitrary: fc.record({ broken: fc.nat(WATCHERS - 1) }) },
  { weight: 5, arbitrary: fc.record({ pass: fc.constantFrom(1, 10, 100, 1_000, 8_000, 40_000) }) },
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

/** A world in which everything went on for some time and came to rest. */
async function lived(steps: readonly Step[], faults: Faults, seed: number): Promise<Scene> {
  const scene = new Scene(seed);
  scene.world.faults = faults;
  for (const step of steps) await scene.take(step);
  await scene.rest();
  return scene;
}

class Scene {
  readonly world: TopicWorld;
  readonly watchers: readonly Watcher[];
  readonly publishers: readonly Publisher[];

  constructor(seed: number) {
    this.world = new TopicWorld(randomOf(seed), { subscribers: 3, relays: 4 });
    this.watchers = Array.from(
      { length: WATCHERS },
      (_, at) => new Watcher(this.world, TOPIC, `watcher ${at}`, REGIONS[at % 3]),
    );
    this.publishers = ["a", "b", "c"].map((name) => new Publisher(this.world, TOPIC, name));
  }

  async take(step: Step): Promise<void> {
    if ("join" in step) void this.watchers[step.join]?.join();
    else if ("leave" in step) void this.watchers[step.leave]?.leave();
    else if ("publish" in step) void this.publishers[step.by]?.publish(step.publish);
    else if ("kill" in step) {
      const names = [...this.world.places.keys()];
      const name = names[step.kill % Math.max(1, names.length)];
      if (name !== undefined) this.world.kill(name);
    } else if ("slow" in step) {
      const watcher = this.watchers[step.slow];
      if (watcher !== undefined) watcher.slowMs = step.ms;
    } else if ("broken" in step) {
      const watcher = this.watchers[step.broken];
      if (watcher !== undefined) watcher.isBroken = !watcher.isBroken;
    } else await this.world.pass(step.pass);
  }

  /** Nothing fails any more; what waits is seen to. */
  async rest(): Promise<void> {
    this.world.faults = { ...this.world.faults, lost: 0, unanswered: 0 };
    for (const watcher of this.watchers) Object.assign(watcher, { slowMs: 0, isBroken: false });
    await this.world.pass(240_000);
  }

  get last(): number {
    return this.world.published.at(-1)?.seq ?? 0;
  }

  /** The numbers of operations behind one place. */
  operationsFrom(seq: number): readonly number[] {
    return this.world.published
      .filter(({ published, seq: one }) => published.kind === "operations" && one > seq)
      .map(({ seq: one }) => one);
  }
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296;
  };
}

const FAULTS = fc.constantFrom<Faults>(
  { lost: 0, unanswered: 0, latencyMs: 5 },
  { lost: 0.05, unanswered: 0.05, latencyMs: 40 },
  { lost: 0.3, unanswered: 0.2, latencyMs: 100 },
);

describe("a tree of nodes", () => {
  it("gives every subscriber that stays every operation once and in order, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(STEP, { maxLength: 120, size: "max" }),
        FAULTS,
        fc.nat(),
        async (steps, faults, seed) => {
          const scene = await lived(steps, faults, seed);
          for (const { isHere, position, seen, from, name } of scene.watchers) {
            if (!isHere) continue;
            expect([name, position?.seq]).toEqual([name, scene.last]);
            expect([name, seen]).toEqual([name, scene.operationsFrom(from)]);
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 120_000);
});
