import type { Operation } from "../protocol/operations.ts";
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

class QueuedTopicCable<Sent> extends OperationChain {
  readonly #publish: (operations: readonly Operation[]) => Sent;

  constructor(publish: (operations: readonly Operation[]) => Sent) {
    super();
    this.#publish = publish;
  }

  broadcast({ clear = true }: { readonly clear?: boolean } = {}): Sent {
    return this.#publish(clear ? this.queue.take() : this.toArray());
  }
}

/** Begins operations for a topic; `publish` takes what is broadcast. */
export function topicCable<Sent>(publish: (operations: readonly Operation[]) => Sent): TopicCable<Sent> {
  // The table of operations is what both the type and the methods are made from.
  return new QueuedTopicCable(publish) as unknown as TopicCable<Sent>;
}
