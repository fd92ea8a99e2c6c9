import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { depthOf } from "../../src/topics/node-name.ts";
import { Random } from "../chaos/random.ts";
import { Publisher, Watcher } from "../support/topic-watcher.ts";
import { TopicWorld } from "../support/topic-world.ts";

const TOPIC = "topic";
const REGIONS = ["weur", "enam", "apac", undefined];

/** A topic as wide as it is in production, which sessions follow from several regions. */
async function followed(count: number, latencyMs = 0) {
  const random = new Random(7);
  const bounds = { subscribers: LIMITS.nodeSubscribers, relays: LIMITS.nodeRelays };
  const world = new TopicWorld(() => random.next(), bounds);
  const watchers = Array.from(
    { length: count },
    (_, at) => new Watcher(world, TOPIC, `watcher ${at}`, REGIONS[at % REGIONS.length]),
  );
  for (const watcher of watchers) void watcher.join();
  world.faults = { lost: 0, unanswered: 0, latencyMs };
  // What the first alarm has been set for is past.
  await world.pass(LIMITS.redeliverMs * 4);
  world.calls.clear();
  return { world, watchers, publisher: new Publisher(world, TOPIC, "a") };
}

/** Rows written by the root, and by all relays together. */
function rowsOf(world: TopicWorld) {
  const root = world.places.get(TOPIC)?.store.rowsWritten ?? 0;
  return { root, relays: world.rowsWritten - root };
}

describe("the work of a topic", () => {
  it("with 5,000 subscribers is one call for each of them and each relay, and no row in a relay", async () => {
    const { world, watchers, publisher } = await followed(5_000);
    const sizes = [...world.places.values()].map(
      ({ store }) => store.subscribers().filter(({ name }) => name.kind === "session").length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(LIMITS.nodeSubscribers);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(5_000);
    expect(Math.max(...world.nodes.map(depthOf))).toBe(1);
    expect(world.nodes.length).toBeLessThanOrEqual(1 + LIMITS.nodeRelays);
    const before = rowsOf(world);
    await publisher.publish("operations");
    await world.pass(1_000);
    expect(watchers.every(({ seen }) => seen.length === 1)).toBe(true);
    expect(world.calls.get("deliver")).toBe(5_000 + world.nodes.length - 1);
    // The publication, and the alarm for it.
    expect(rowsOf(world)).toEqual({ root: before.root + 2, relays: before.relays });
  }, 60_000);

  it("is one row for each publication, and an alarm every five seconds", async () => {
    const { world, watchers, publisher } = await followed(20, 10);
    const before = rowsOf(world);
    for (let at = 0; at < 200; at += 1) {
      void publisher.publish("operations");
      await world.pass(50);
    }
    await world.pass(LIMITS.redeliverMs * 4);
    for (const { seen } of watchers) expect(seen).toHaveLength(200);
    const rows = rowsOf(world).root - before.root;
    expect(rows).toBeGreaterThanOrEqual(200);
    expect(rows).toBeLessThanOrEqual(200 + 5);
  });

  it("leaves no timer and no call behind, so that its objects sleep", async () => {
    const { world, publisher } = await followed(600, 10);
    void publisher.publish("touch");
    await world.pass(LIMITS.redeliverMs * 4);
    expect(world.time.waiting).toBe(0);
    const calls = [...world.calls];
    await world.pass(LIMITS.leaseMs / 2);
    expect([...world.calls]).toEqual(calls);
  });

  it("asks less and less often who is there while nothing is published", async () => {
    const { world } = await followed(3);
    const asked: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await world.pass(LIMITS.leaseMs * LIMITS.quietLeases);
      asked.push(world.calls.get("attest") ?? 0);
      world.calls.clear();
    }
    expect(asked.slice(-8)).toEqual(Array.from({ length: 8 }, () => 3));
  });

  it("joins what is published while a subscriber is told, in one call", async () => {
    const { world, watchers, publisher } = await followed(1, 10);
    const [watcher] = watchers;
    Object.assign(watcher ?? {}, { slowMs: 2_000, deliveries: 0 });
    for (let at = 0; at < 50; at += 1) void publisher.publish(at % 10 === 0 ? "operations" : "touch");
    await world.pass(10_000);
    expect(watcher?.seen).toHaveLength(5);
    expect(watcher?.deliveries).toBe(2);
    // Of nine touches between two operations, one.
    expect(watcher?.touches).toBeLessThanOrEqual(6);
  });
});

describe("a subscriber that is slow or fails", () => {
  it("delays nobody", async () => {
    const { world, watchers, publisher } = await followed(700, 10);
    const [slow, broken] = [watchers.slice(0, 40), watchers.slice(600, 640)];
    for (const watcher of slow) watcher.slowMs = 60_000;
    for (const watcher of broken) watcher.isBroken = true;
    const others = watchers.filter((watcher) => !slow.includes(watcher) && !broken.includes(watcher));
    // The first shows who is slow: relays answer behind it as soon as the others have it.
    void publisher.publish("operations");
    await world.pass(LIMITS.relayHoldMs + 100);
    for (let at = 2; at < 10; at += 1) {
      void publisher.publish("operations");
      // To the root, the relay and the session, ten milliseconds each.
      await world.pass(35);
      expect(others.filter(({ seen }) => seen.length !== at)).toEqual([]);
    }
  });

  it("is tried again with growing waits, and loses its subscription when it cannot be reached for a lease", async () => {
    const { world, watchers, publisher } = await followed(3, 10);
    const [broken] = watchers;
    Object.assign(broken ?? {}, { isBroken: true, deliveries: 0 });
    const before = world.rowsWritten;
    void publisher.publish("operations");
    await world.pass(LIMITS.leaseMs - LIMITS.deliverRetryMs);
    const names = () =>
      world.places
        .get(TOPIC)
        ?.store.subscribers()
        .map(({ name }) => name.name);
    expect(names()).toContain("watcher 0");
    await world.pass(3 * LIMITS.deliverRetryMs);
    expect(names()).toEqual(["watcher 1", "watcher 2"]);
    expect(world.failures.map(({ peer, isGivenUp }) => [peer.name, isGivenUp])).toEqual([
      ["watcher 0", false],
      ["watcher 0", true],
    ]);
    expect(broken?.deliveries).toBeLessThan(30);
    // An alarm for each long wait; the publication, that it is away and that it has gone.
    expect(world.rowsWritten - before).toBeLessThan(30);
  });
});

describe("a topic's rate", () => {
  it("lets no more come at once than is told to whoever is there, however much it is touched", async () => {
    const { world, watchers } = await followed(1);
    const node = world.nodeAt(TOPIC);
    const operations = { published: { kind: "operations", operations: [] } } as const;
    const touches = Array.from({ length: 500 }, () => ({ published: { kind: "touch" } as const }));
    const answers = [];
    for (let count = 0; count < 200; count += 1) answers.push(await node.publish([operations]));
    await node.publish(touches);
    await world.pass(1_000);
    const taken = answers.filter(({ kind }) => kind === "published").length;
    expect([taken, watchers[0]?.seen]).toEqual([100, Array.from({ length: 100 }, (_, at) => at + 1)]);
  });

  it("is a hundred publications a second, and as many at once, touches not counted", async () => {
    const { world } = await followed(1);
    const node = world.nodeAt(TOPIC);
    const operations = { kind: "operations", operations: [] } as const;
    const many = (count: number) => Array.from({ length: count }, () => ({ published: operations }));
    expect(await node.publish(many(100))).toMatchObject({ kind: "published", position: { seq: 100 } });
    const touches = Array.from({ length: 500 }, () => ({ published: { kind: "touch" } as const }));
    expect(await node.publish(touches)).toMatchObject({ kind: "published", position: { seq: 600 } });
    const refused = await node.publish(many(50));
    expect(refused).toMatchObject({ kind: "refused", waitMs: 500 });
    expect(refused.kind === "refused" && refused.message).toContain('"topic"');
    await world.pass(499);
    expect((await node.publish(many(50))).kind).toBe("refused");
    await world.pass(1);
    expect((await node.publish(many(50))).kind).toBe("published");
    // More at once than there is ever room for: when there is all the room there is.
    await world.pass(10_000);
    expect((await node.publish(many(101))).kind).toBe("published");
    expect((await node.publish(many(1))).kind).toBe("refused");
    expect((await node.publish(touches)).kind).toBe("published");
  });
});
