import fc from "fast-check";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Position } from "../../src/topics/topic-messages.ts";
import { Random } from "../chaos/random.ts";
import { Publisher, Watcher } from "./topic-watcher.ts";
import { type Faults, TopicWorld } from "./topic-world.ts";

export const TOPIC = "topic";
const WATCHERS = 40;
const REGIONS = ["weur", "enam", undefined];

/** What happens to a topic; numbers choose among those that are there. */
const COMMON = [
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
  { weight: 5, arbitrary: fc.record({ pass: fc.constantFrom(1, 10, 100, 1_000, 8_000, 40_000) }) },
] as const;
const BREAK = { weight: 1, arbitrary: fc.record({ broken: fc.nat(WATCHERS - 1) }) };
/** Long enough for rounds: whoever is broken all the time loses its subscription. */
const WAIT = {
  weight: 1,
  arbitrary: fc.record({ pass: fc.constantFrom(LIMITS.leaseMs, 5 * LIMITS.leaseMs) }),
};

const LENGTH = { minLength: 20, maxLength: 120, size: "max" } as const;

export const STEPS = fc.oneof(
  fc.array(fc.oneof(...COMMON, BREAK), LENGTH),
  fc.array(fc.oneof(...COMMON, WAIT), LENGTH),
);

export type Steps = typeof STEPS extends fc.Arbitrary<infer Value> ? Value : never;

export const FAULTS = fc.constantFrom<Faults>(
  { lost: 0, unanswered: 0, latencyMs: 5 },
  { lost: 0.05, unanswered: 0.05, latencyMs: 40 },
  { lost: 0.3, unanswered: 0.2, latencyMs: 100 },
);

/** A topic with forty sessions that may follow it, and three that publish; its nodes are narrow, so that there are many. */
export class TopicScene {
  readonly world: TopicWorld;
  readonly watchers: readonly Watcher[];
  readonly publishers: readonly Publisher[];

  constructor(seed: number, bounds = { subscribers: 3, relays: 4 }) {
    const random = new Random(seed);
    this.world = new TopicWorld(() => random.next(), bounds);
    this.watchers = Array.from(
      { length: WATCHERS },
      (_, at) => new Watcher(this.world, TOPIC, `watcher ${at}`, REGIONS[at % 3]),
    );
    this.publishers = ["a", "b", "c"].map((name) => new Publisher(this.world, TOPIC, name));
  }

  async take(step: Steps[number]): Promise<void> {
    if ("join" in step) void this.watchers[step.join]?.join();
    else if ("leave" in step) void this.watchers[step.leave]?.leave();
    else if ("publish" in step) void this.publishers[step.by]?.publish(step.publish);
    else if ("kill" in step) this.#kill(step.kill);
    else if ("slow" in step) Object.assign(this.watchers[step.slow] ?? {}, { slowMs: step.ms });
    else if ("broken" in step) this.#break(this.watchers[step.broken]);
    else await this.world.pass(step.pass);
  }

  /** Nothing fails any more, and what waits is seen to. */
  async rest(): Promise<void> {
    this.world.faults = { ...this.world.faults, lost: 0, unanswered: 0 };
    for (const watcher of this.watchers) Object.assign(watcher, { slowMs: 0, isBroken: false });
    await this.world.pass(240_000);
  }

  /** Those who follow the topic. */
  get here(): readonly Watcher[] {
    return this.watchers.filter(({ isHere }) => isHere);
  }

  /** The number of the last publication of a life. */
  lastOf(epoch: string): number {
    return this.world.published.findLast((one) => one.epoch === epoch)?.seq ?? 0;
  }

  /** The numbers of operations that were published behind one place. */
  operationsFrom({ epoch, seq }: Position): readonly number[] {
    return this.world.published
      .filter((one) => one.published.kind === "operations" && one.epoch === epoch && one.seq > seq)
      .map((one) => one.seq);
  }

  #kill(choice: number): void {
    const names = [...this.world.places.keys()];
    const name = names[choice % Math.max(1, names.length)];
    if (name !== undefined) this.world.kill(name);
  }

  #break(watcher: Watcher | undefined): void {
    if (watcher !== undefined) watcher.isBroken = !watcher.isBroken;
  }
}
