import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Delivery, Subscriber } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";
import { VirtualTime } from "../support/virtual-time.ts";
import { settled } from "./presence-world.ts";

/** A topic with one subscriber, whose root is made anew from what it stores. */
class OneSubscriber {
  readonly time = new VirtualTime();
  readonly store = new MemoryNodeStore();
  readonly told: Delivery[] = [];
  node = this.begin(false);

  begin(isRinging: boolean): TreeNode {
    const subscriber: Subscriber = {
      deliver: async (delivery) => {
        this.told.push(delivery);
        return "here";
      },
      attest: async () => 1,
    };
    const node: TreeNode = new TreeNode(
      "topic",
      this.store,
      {
        now: () => this.time.now,
        random: () => 0.5,
        later: this.time.later,
        subscriberAt: () => subscriber,
        nodeAt: () => node,
        log: () => {},
        bounds: { subscribers: 256, relays: 64 },
      },
      isRinging,
    );
    return node;
  }

  /** Lets the alarm ring, for a node that is awake. */
  async ring(): Promise<void> {
    this.time.passUntil(Math.max(this.time.now, this.store.alarmAt ?? 0));
    this.store.alarmAt = null;
    await this.node.ring();
    await settled();
  }
}

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
