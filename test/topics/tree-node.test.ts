import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { assertSize } from "../../src/topics/turn-topics.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";
import { OneSubscriber } from "../support/one-subscriber.ts";
import { settled } from "../support/topic-time.ts";
import { VirtualTime } from "../support/virtual-time.ts";

describe("a node of a topic", () => {
  it("tells its subscribers what is published behind their subscription, in order", async () => {
    const { node, told } = new OneSubscriber();
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

  it("keeps a subscription whose end comes late, of an earlier wish of the subscriber", async () => {
    const { node, told } = new OneSubscriber();
    const subscriber = { kind: "session", name: "a" } as const;
    await node.subscribe({ subscriber, number: 1 });
    await node.subscribe({ subscriber, number: 3 });
    await node.unsubscribe(subscriber, 2);
    await node.publish([{ published: { kind: "touch" } }]);
    expect([node.isWatched, told.length]).toEqual([true, 1]);
    await node.unsubscribe(subscriber, 4);
    expect(node.isWatched).toBe(false);
  });

  it("takes the largest touch that a session may send, with the name of its author", async () => {
    const { node } = new OneSubscriber();
    await node.subscribe({ subscriber: { kind: "session", name: "a" } });
    const frame = JSON.stringify({ kind: "touch", changed: [""] }).length;
    const touch = { kind: "touch", changed: ["x".repeat(LIMITS.publicationChars - frame)] } as const;
    expect(assertSize("topic", JSON.stringify(touch))).toBe(LIMITS.publicationChars);
    const answer = await node.publish([{ published: { ...touch, author: "abcdefgh" } }]);
    expect(answer).toMatchObject({ kind: "published", position: { seq: 1 } });
    const larger = { ...touch, changed: [`${touch.changed[0]}x`] };
    await expect(node.publish([{ published: larger }])).rejects.toThrow("takes 100001 characters");
  });
});

describe("a relay of a topic", () => {
  it("asks the node above again that has never answered, and is not held up by that", async () => {
    const time = new VirtualTime();
    let asked = 0;
    const position = { epoch: "a", seq: 7 };
    const subscribe = async () => {
      asked += 1;
      return asked === 1
        ? await new Promise<never>(() => {})
        : { kind: "subscribed", position, isKnown: false };
    };
    const relay = new TreeNode(
      "topic#weur0",
      new MemoryNodeStore(),
      {
        now: () => time.now,
        random: () => 0.5,
        later: time.later,
        subscriberAt: () => ({ deliver: async () => "here", attest: async () => 1 }),
        nodeAt: () => ({ subscribe }) as unknown as TreeNode,
        log: () => {},
        bounds: { subscribers: 256, relays: 64 },
      },
      false,
    );
    const wish = { subscriber: { kind: "session", name: "a" } } as const;
    const first = relay.subscribe(wish).catch(String);
    const second = relay.subscribe(wish);
    await settled();
    time.passUntil(time.now + LIMITS.deliverMs);
    expect([await first, asked]).toEqual([expect.stringContaining("has not answered within 10000 ms"), 2]);
    expect(await second).toMatchObject({ kind: "subscribed", position });
  });
});
