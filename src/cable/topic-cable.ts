import type { Operation } from "../protocol/operations.ts";
import { checkedTopic } from "../topics/topic-name.ts";
import { OperationChain, type Operations } from "./operation-chain.ts";

/**
 * Operations for every page that rests on a topic, the same for all of them.
 *
 * @typeParam Sent what `broadcast` gives back: where it publishes at once, a promise
 * @example
 * this.cable.to("chat:7").append("#log", { html: html`<li>${text}</li>` }).broadcast();
 */
export interface TopicCable<Sent = void> extends Operations<TopicCable<Sent>> {
  /**
   * Publishes what is queued, to be carried out once and in this order by each page. In a reflex, a page or a timer it is sent when
   * the turn is committed, and nothing of it when the turn fails.
   *
   * @param options `clear: false` leaves it queued
   */
  broadcast(options?: { readonly clear?: boolean }): Sent;
}

/** Publishes operations in a topic: in a turn, when that is committed. */
export type Publish<Sent = void> = (topic: string, operations: readonly Operation[]) => Sent;

class QueuedTopicCable<Sent> extends OperationChain {
  readonly #topic: string;
  readonly #publish: Publish<Sent>;

  constructor(topic: string, publish: Publish<Sent>) {
    super();
    this.#topic = topic;
    this.#publish = publish;
  }

  broadcast({ clear = true }: { readonly clear?: boolean } = {}): Sent {
    return this.#publish(this.#topic, clear ? this.queue.take() : this.toArray());
  }
}

/** Begins operations for a topic; `publish` takes what is broadcast. Throws `TopicError` for what is no topic's name. */
export function topicCable<Sent>(topic: string, publish: Publish<Sent>): TopicCable<Sent> {
  // The table of operations is what both the type and the methods are made from.
  return new QueuedTopicCable(checkedTopic(topic), publish) as unknown as TopicCable<Sent>;
}
