import type { Delivery, Subscriber } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { MemoryNodeStore } from "./memory-node-store.ts";
import { settled } from "./topic-time.ts";
import { VirtualTime } from "./virtual-time.ts";

/** A topic with one subscriber, whose root is made anew from what it stores. */
export class OneSubscriber {
  readonly time = new VirtualTime();
  readonly store = new MemoryNodeStore();
  /** What the subscriber was told, in order. */
  readonly told: Delivery[] = [];
  node = this.begin(false);

  /** @param isRinging true for a root that its alarm has woken */
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
