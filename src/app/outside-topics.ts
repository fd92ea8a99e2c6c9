import { type TopicCable, topicCable } from "../cable/topic-cable.ts";
import { changedNames } from "../topics/changed-names.ts";
import { type PresenceList, presenceList } from "../topics/presence-list.ts";
import { TopicError } from "../topics/topic-error.ts";
import type { Published } from "../topics/topic-messages.ts";
import { checkedTopic } from "../topics/topic-name.ts";
import { assertSize, type TouchOptions } from "../topics/turn-topics.ts";
import { type ClassContext, presenceAt, topicAt } from "./object-classes.ts";

/** As `touch` in a reflex, from code outside of sessions. Resolves when the topic has stored it; rejects with {@link TopicError}. */
export async function touchFrom(ctx: ClassContext, topic: string, options: TouchOptions = {}): Promise<void> {
  const name = checkedTopic(topic);
  const changed = changedNames(name, options.changed);
  await publishFrom(ctx, name, { kind: "touch", ...(changed === undefined ? {} : { changed }) });
}

/** As `cable.to` in a reflex, from code outside of sessions. Throws {@link TopicError} for what is no topic. */
export function cableFrom(ctx: ClassContext, topic: string): TopicCable<Promise<void>> {
  return topicCable(topic, async (name, operations) => {
    if (operations.length > 0) await publishFrom(ctx, name, { kind: "operations", operations });
  });
}

/** Who is present in a topic. Rejects with {@link TopicError} for what is none, and with what the platform says. */
export async function presenceFrom(ctx: ClassContext, topic: string): Promise<PresenceList> {
  const answer = await presenceAt(ctx, checkedTopic(topic)).roster();
  if (answer.kind === "roster") return presenceList(answer);
  throw new Error(`The topic ${JSON.stringify(topic)} left out who is present, which it was asked`);
}

/** Resolves when it is stored. Rejects with {@link TopicError}, and with what the platform says when the topic cannot be reached. */
async function publishFrom(ctx: ClassContext, topic: string, published: Published): Promise<void> {
  assertSize(topic, JSON.stringify(published));
  const answer = await topicAt(ctx, topic).publish([{ published }]);
  // An error's class does not cross a remote call: what was refused comes as an answer.
  if (answer.kind === "refused") throw new TopicError("topic-rate", answer.message);
}
