import { type TopicCable, topicCable } from "../cable/topic-cable.ts";
import { TopicError } from "../topics/topic-error.ts";
import type { Published } from "../topics/topic-messages.ts";
import { checkedTopic } from "../topics/topic-name.ts";
import { assertSize, type TouchOptions } from "../topics/turn-topics.ts";
import { type ClassContext, topicAt } from "./object-classes.ts";

/** As `touch` in a reflex, from code outside of sessions. Resolves when the topic has stored it; rejects with {@link TopicError}. */
export async function touchFrom(
  ctx: ClassContext,
  topic: string,
  { changed }: TouchOptions = {},
): Promise<void> {
  await publishFrom(ctx, checkedTopic(topic), {
    kind: "touch",
    ...(changed === undefined ? {} : { changed: [...changed].map(String) }),
  });
}

/** As `cable.to` in a reflex, from code outside of sessions. Throws {@link TopicError} for what is no topic. */
export function cableFrom(ctx: ClassContext, topic: string): TopicCable<Promise<void>> {
  const name = checkedTopic(topic);
  return topicCable(async (operations) => {
    if (operations.length > 0) await publishFrom(ctx, name, { kind: "operations", operations });
  });
}

/** Resolves when it is stored. Rejects with {@link TopicError}, and with what the platform says when the topic cannot be reached. */
async function publishFrom(ctx: ClassContext, topic: string, published: Published): Promise<void> {
  assertSize(topic, JSON.stringify(published));
  const answer = await topicAt(ctx, topic).publish([{ published }]);
  // An error's class does not cross a remote call: what was refused comes as an answer.
  if (answer.kind === "refused") throw new TopicError("topic-rate", answer.message);
}
