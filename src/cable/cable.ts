import type { Update } from "../protocol/messages.ts";
import type { Operation } from "../protocol/operations.ts";
import { OperationChain, type Operations } from "./operation-chain.ts";
import { type Publish, type TopicCable, topicCable } from "./topic-cable.ts";

/** Operations that are carried out before the page is updated. */
export interface EarlyCable extends Operations<EarlyCable> {}

/**
 * The operations of one call. What is queued is sent with its answer, when the call is committed, and carried out behind the
 * update of the page; nothing of a call that fails or stops itself.
 *
 * @example
 * this.cable.append("#log", { html: html`<li>${text}</li>` }).scrollIntoView({ selector: "#log li:last-child" });
 */
export interface Cable extends Operations<Cable> {
  /** The same, carried out before the update of the page. */
  readonly beforeMorph: EarlyCable;
  /**
   * Sends at once what is queued, while the action goes on: to tell how far it is, say. What is sent so is done, whatever becomes
   * of the call, is not kept for a page that is away, and is sent again when the call has to run again. Of a reflex that `later`
   * runs, to every open tab of the session.
   *
   * Resolves at once: nothing is told of what became of it.
   */
  broadcast(): Promise<void>;
  /**
   * Begins operations for every page that rests on a topic.
   *
   * Throws `TopicError` for what is no topic's name.
   */
  to(topic: string): TopicCable;
}

/** Sends updates at once to whom a call is for. */
export type SendNow = (updates: readonly Update[]) => void;

/** What a call's operations come to: in order, before its update of the page, and after it. */
export interface CableUpdates {
  readonly before: readonly Update[];
  readonly after: readonly Update[];
}

class CallCable extends OperationChain {
  readonly beforeMorph = new OperationChain();
  readonly #sendNow: SendNow;
  readonly #publish: Publish;

  constructor(sendNow: SendNow, publish: Publish) {
    super();
    this.#sendNow = sendNow;
    this.#publish = publish;
  }

  to(topic: string): TopicCable {
    return topicCable(topic, this.#publish);
  }

  async broadcast(): Promise<void> {
    const { before, after } = takeUpdates(this);
    const updates = [...before, ...after];
    if (updates.length > 0) this.#sendNow(updates);
  }
}

/** The operations of a call. */
export function newCable(sendNow: SendNow, publish: Publish): Cable {
  // The table of operations is what both the type and the methods are made from.
  return new CallCable(sendNow, publish) as unknown as Cable;
}

/** Takes what a call has queued and not sent. */
export function takeUpdates(cable: Cable | CallCable): CableUpdates {
  // Made by `newCable`.
  const { queue, beforeMorph } = cable as CallCable;
  return { before: beforeMorph.queue.take().map(operationUpdate), after: queue.take().map(operationUpdate) };
}

/** An operation as frames carry it. */
export function operationUpdate({ operation, ...options }: Operation): Update {
  return ["op", operation, options];
}
