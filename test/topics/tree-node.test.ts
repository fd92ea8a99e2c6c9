import { describe, expect, it } from "vitest";
import type { Delivery, Subscriber } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";
import { VirtualTime } from "../support/virtual-time.ts";

describe("a node of a topic", () => {
  it("tells its subscribers what is published behind their subscription, in order", async () => {
    const time = new VirtualTime();
    const told: Delivery[] = [];
    const subscriber: Subscriber = {
      deliver: async (delivery) => {
        told.push(delivery);
        return "here";
      },
      attest: async () => 1,
    };
    const node: TreeNode = new TreeNode(
      "topic",
      new MemoryNodeStore(),
      {
        now: () => time.now,
        random: () => 0.5,
        later: time.later,
        subscriberAt: () => subscriber,
        nodeAt: () => node,
        log: () => {},
        bounds: { subscribers: 256, relays: 64 },
      },
      false,
    );
    await node.publish([{ published: { kind: "touch" } }]);
    const answer = await node.subscribe({ subscriber: { kind: "session", name: "a" } });
    expect(answer).toMatchObject({ kind: "subscribed", position: { seq: 0 }, isKnown: false });
    await node.publish([{ published: { kind: "touch" } }]);
    await node.publish([{ published: { kind: "roster" } }, { published: { kind: "touch" } }]);
    await Promise.resolve();
    expect(told.map(({ from, to, items }) => [from, to, items?.map(({ seq }) => seq)])).toEqual([
      [0, 1, [1]],
      [1, 3, [2, 3]],
    ]);
  });
});
