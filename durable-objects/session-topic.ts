import { LIMITS } from "../src/protocol/limits.ts";
import type { Timer } from "../src/time/timer.ts";
import { topicKey } from "../src/topics/topic-key.ts";
import type { Delivery, Position, SubscriberName, TopicNode } from "../src/topics/topic-messages.ts";
import { withDeadline } from "../src/turn/deadline.ts";

/** How a session reaches topics. */
export interface TopicReach {
  /** The session, as topics call it. */
  readonly subscriber: SubscriberName;
  /** A node by its name. Throws where the Worker has no objects for topics. */
  readonly at: (node: string, region?: string) => TopicNode;
  /** Where its visitor is; absent: nobody knows. */
  readonly region: () => string | undefined;
  readonly timer: Timer;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The subscription of one session to one topic, for all of its tabs. What is done with it is done one after another: what comes
 * while it is being confirmed is held until it is.
 */
export class SessionTopic {
  readonly name: string;
  readonly key: string;
  /** Up to where the session was told; absent: it is not subscribed. */
  position: Position | undefined;
  /** What the session counted when it was told something last, or subscribed. */
  newsAt = 0;
  /** When it was heard of last, in milliseconds since 1970; 0 for one that is known from before a sleep. */
  heardAt = 0;
  /** How often it could not be reached in a row. */
  failures = 0;
  /** True while the session waits to ask again. */
  isPutOff = false;
  readonly #reach: TopicReach;
  #node: string;
  /** Of what it wished last: the time, or a little more, so that it is higher than those of an earlier life of the object. */
  #number = 0;
  #tail: Promise<unknown> = Promise.resolve();

  /** `node`: where the session is subscribed already, or asks first. */
  constructor(name: string, reach: TopicReach, node: string = name) {
    this.name = name;
    this.key = topicKey(name);
    this.#reach = reach;
    this.#node = node;
  }

  /** Which node tells the session. */
  get node(): string {
    return this.#node;
  }

  /** Settles as `run` does, which begins when what was asked for before is over. */
  inTurn<Result>(run: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(run);
    // The failure is the caller's, who holds `result`.
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Subscribes, at the node that takes the session. May reject. */
  async join(): Promise<Position> {
    const { subscriber } = this.#reach;
    const region = this.#reach.region();
    const wish = { subscriber, number: this.#count(), ...(region === undefined ? {} : { region }) };
    let node = this.name;
    for (let hop = 0; hop < LIMITS.nodeHops; hop += 1) {
      const answer = await this.#ask(node, (asked) => asked.subscribe(wish));
      if (answer.kind === "subscribed") {
        this.#node = node;
        this.position = answer.position;
        this.heard();
        return answer.position;
      }
      node = answer.node;
    }
    throw new Error(
      `The topic ${JSON.stringify(this.name)} has sent its subscriber on ${LIMITS.nodeHops} times, lastly to ` +
        `${JSON.stringify(node)}; expected a node with room`,
    );
  }

  /** The node has said something, so it knows the session. */
  heard(): void {
    this.heardAt = this.#reach.now();
  }

  /** False for one that may have given the session up, for all that was heard of it. */
  get isSure(): boolean {
    return this.heardAt > this.#reach.now() - LIMITS.leaseMs;
  }

  /** What was published behind a place. May reject. */
  async since(position: Position): Promise<Delivery> {
    return await this.#ask(this.#node, (node) => node.since(position));
  }

  /** Ends the subscription. May reject: then the topic finds out that nobody is there. */
  async leave(): Promise<void> {
    this.position = undefined;
    const number = this.#count();
    await this.#ask(this.#node, (node) => node.unsubscribe(this.#reach.subscriber, number));
  }

  #count(): number {
    this.#number = Math.max(this.#reach.now(), this.#number + 1);
    return this.#number;
  }

  async #ask<Answer>(name: string, ask: (node: TopicNode) => Promise<Answer>): Promise<Answer> {
    const node = this.#reach.at(name, this.#reach.region());
    return await withDeadline(ask(node), LIMITS.deliverMs, this.#reach.timer);
  }
}
