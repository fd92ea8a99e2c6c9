import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { OneSubscriber } from "../support/one-subscriber.ts";
import { settled } from "../support/topic-time.ts";

describe("the alarm of a topic that is asked to ring for presence", () => {
  it("has nobody told twice after a sleep what everybody was told before", async () => {
    const topic = new OneSubscriber();
    await topic.node.subscribe({ subscriber: { kind: "session", name: "a" } });
    topic.node.announce({ kind: "roster" });
    await settled();
    await topic.ring();
    topic.node.wakeBy(topic.time.now + LIMITS.presenceLeaseMs);
    expect(topic.store.alarmAt).toBe(topic.time.now + LIMITS.presenceLeaseMs);
    const { length } = topic.told;
    for (const isRinging of [false, true]) {
      topic.node = topic.begin(isRinging);
      if (isRinging) await topic.ring();
      await settled();
      expect(topic.told.length).toBe(length);
    }
  });

  it("has what was not told before the root was killed told after it", async () => {
    const topic = new OneSubscriber();
    await topic.node.subscribe({ subscriber: { kind: "session", name: "a" } });
    topic.node.wakeBy(topic.time.now + 1_000);
    topic.node.announce({ kind: "roster" });
    topic.told.length = 0;
    topic.node = topic.begin(false);
    await settled();
    expect(topic.told.map(({ to }) => to)).toEqual([1]);
  });

  it("publishes nothing where nobody subscribes", () => {
    const topic = new OneSubscriber();
    topic.node.announce({ kind: "roster" });
    expect([topic.node.isAlive, topic.store.rowsWritten]).toEqual([false, 0]);
  });
});
