import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { FAULTS, STEPS, type Steps, TOPIC, TopicScene } from "../support/topic-scene.ts";
import type { Faults } from "../support/topic-world.ts";

const LIFE = fc.record({ steps: STEPS, faults: FAULTS, seed: fc.nat() });

interface Life {
  readonly steps: Steps;
  readonly faults: Faults;
  readonly seed: number;
}

/** A topic that has lived, and come to rest. */
async function lived({ steps, faults, seed }: Life): Promise<TopicScene> {
  const scene = new TopicScene(seed);
  scene.world.faults = faults;
  for (const step of steps) await scene.take(step);
  await scene.rest();
  return scene;
}

/** What of these numbers was seen: each once and in order, but for those that were rendered afresh. */
function isWhole(seen: readonly number[], numbers: readonly number[]): boolean {
  let left = numbers;
  for (const one of seen) {
    if (one > 0 && one !== left[0]) return false;
    left = one > 0 ? left.slice(1) : left.filter((number) => number > -one);
  }
  return left.length === 0;
}

describe("a tree of nodes", () => {
  it("gives every subscriber that stays every operation once and in order, whatever fails", async () => {
    await fc.assert(
      fc.asyncProperty(LIFE, async (life) => {
        const scene = await lived(life);
        for (const { position, seen, from, name } of scene.here) {
          expect([name, position?.epoch]).toEqual([name, from.epoch]);
          expect([name, position?.seq]).toEqual([name, scene.lastOf(from.epoch)]);
          expect([name, seen]).toEqual([name, scene.operationsFrom(from)]);
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);

  it("stores what a session publishes once and in its order, however often it is sent", async () => {
    await fc.assert(
      fc.asyncProperty(LIFE, async (life) => {
        const { world, publishers } = await lived(life);
        for (const { name, count } of publishers) {
          const numbers = world.published.flatMap(({ id }) => (id?.publisher === name ? id.number : []));
          expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
          // Those that came while nobody followed are nobody's.
          const lives = new Set(world.published.map(({ epoch }) => epoch)).size;
          if (lives === 1) expect(numbers.length).toBe(count - (numbers[0] ?? count + 1) + 1);
        }
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it("has those render afresh who were away for longer than it keeps publications, and nobody else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 3 * LIMITS.keptPublications }),
        async (seed, count) => {
          const scene = new TopicScene(seed);
          scene.world.faults = { lost: 0, unanswered: 0, latencyMs: 20 };
          for (const watcher of scene.watchers) void watcher.join();
          await scene.world.pass(2_000);
          const away = scene.watchers.filter((_, at) => at % 7 === 0);
          for (const watcher of away) watcher.isBroken = true;
          for (let at = 0; at < count; at += 1) {
            void scene.publishers[0]?.publish("operations");
            await scene.world.pass(100);
          }
          await scene.rest();
          for (const watcher of scene.watchers) {
            expect(isWhole(watcher.seen, scene.operationsFrom(watcher.from))).toBe(true);
            const isAfresh = away.includes(watcher) && count > LIMITS.keptPublications;
            expect(watcher.seen.some((one) => one < 0)).toBe(isAfresh);
          }
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);

  it("is never wider than its bounds, and ends with those who followed", async () => {
    await fc.assert(
      fc.asyncProperty(LIFE, async (life) => {
        const scene = await lived(life);
        const { world } = scene;
        for (const { store } of world.places.values()) {
          const names = store.subscribers().map(({ name }) => name);
          const relays = names.filter(({ kind }) => kind === "relay");
          expect(names.length - relays.length).toBeLessThanOrEqual(3);
          expect(relays.length).toBeLessThanOrEqual(4);
        }
        // Nobody says that it goes.
        for (const watcher of scene.watchers) Object.assign(watcher, { isHere: false, isWanted: false });
        await world.pass(LIMITS.leaseMs * 3 * LIMITS.quietLeases);
        expect(world.nodes).toEqual([]);
        for (const { store } of world.places.values()) expect(store.alarmAt).toBeNull();
        expect(world.time.waiting).toBe(0);
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it("begins another life when everything was forgotten, which whoever comes back is told", async () => {
    const scene = new TopicScene(1);
    const [watcher, other] = scene.watchers;
    void watcher?.join();
    await scene.take({ publish: "operations", by: 0 });
    await scene.world.pass(1_000);
    const before = watcher?.position;
    await watcher?.leave();
    await scene.world.pass(LIMITS.leaseMs * 3);
    expect(scene.world.nodes).toEqual([]);
    void other?.join();
    await scene.world.pass(1_000);
    expect(other?.position?.seq).toBe(0);
    expect(other?.position?.epoch).not.toBe(before?.epoch);
    const missed = await scene.world.nodeAt(TOPIC).since(before ?? { epoch: "", seq: 0 });
    expect(missed.items).toBeUndefined();
  });

  it("has a relay join again behind its answer that nobody is there", async () => {
    const scene = new TopicScene(1);
    const [last, ...others] = scene.watchers.slice(0, 4);
    for (const watcher of others) void watcher.join();
    await scene.world.pass(1_000);
    void last?.join();
    await scene.world.pass(1_000);
    const relay = last?.node ?? "";
    expect(relay).not.toBe(TOPIC);
    void last?.leave();
    await scene.world.pass(1_000);
    // The node above asks; before it has the answer, somebody comes.
    expect(await scene.world.nodeAt(relay).attest(TOPIC)).toBe(0);
    scene.world.calls.clear();
    void last?.join();
    await scene.world.pass(1_000);
    expect(last?.node).toBe(relay);
    // At the root, which sends it on; at the relay; and the relay at the root.
    expect(scene.world.calls.get("subscribe")).toBe(3);
  });
});
