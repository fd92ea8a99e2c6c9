import { describe, expect, it } from "vitest";
import { TopicSender } from "../../durable-objects/topic-sender.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Publication, TopicNode } from "../../src/topics/topic-messages.ts";

const touch = { kind: "touch" as const };

/** A sender to a topic that answers when it is told to, and what it was asked. */
function sending() {
  const asked: Publication[] = [];
  const logged: unknown[] = [];
  let answer = () => {};
  const publish = async (publications: readonly Publication[]) => {
    asked.push(...publications);
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { kind: "published", position: { epoch: "a", seq: asked.length } };
  };
  const sender = new TopicSender({
    root: () => ({ publish }) as unknown as TopicNode,
    publisher: () => "ada",
    timer: () => () => {},
    stored: () => {},
    log: (cause) => logged.push(cause),
  });
  return { sender, asked, logged, answer: () => answer() };
}

describe("what a session has for one topic", () => {
  it("is not sent any more when the session has ended, but for what is under way", async () => {
    const { sender, asked, answer } = sending();
    for (let number = 1; number <= 2 * LIMITS.turnPublications; number += 1)
      sender.add({ number, topic: "t", published: touch });
    const sent = sender.send();
    sender.drop();
    answer();
    await sent;
    expect([asked.length, sender.isEmpty]).toEqual([LIMITS.turnPublications, true]);
  });

  it("waits in memory up to a bound, where nobody tries it again, and all of it where somebody does", async () => {
    const { sender, asked, logged, answer } = sending();
    sender.add({ number: 0, topic: "t", published: touch });
    const sent = sender.send();
    for (let count = 1; count < LIMITS.outbox + 10; count += 1)
      sender.add({ number: 0, topic: "t", published: touch });
    sender.add({ number: 1, topic: "t", published: touch });
    expect(logged.map(String)).toEqual(
      Array(10).fill(expect.stringContaining(`expected fewer than ${LIMITS.outbox}`)),
    );
    while (!sender.isEmpty) {
      answer();
      await Promise.resolve();
    }
    await sent;
    expect([asked.length, asked.at(-1)?.id?.number]).toEqual([LIMITS.outbox + 1, 1]);
  });
});
