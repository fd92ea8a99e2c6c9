import type { Subscriber, SubscriberName, TopicNode } from "./topic-messages.ts";

/** A subscriber that could not be told, for the log. */
export interface TellingFailure {
  /** The node that told it. */
  readonly node: string;
  readonly subscriber: SubscriberName;
  /** Its subscription has ended; otherwise it is tried again. */
  readonly isGivenUp: boolean;
  readonly cause: unknown;
}

/** What a node runs on, so that the same code runs in an object, in tests, and in a simulation. */
export interface NodeSurroundings {
  /** In milliseconds since 1970. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Runs something after some milliseconds; returns what cancels it. */
  later(milliseconds: number, run: () => void): () => void;
  /** Whoever is told, by name. Throws where there is no such object. */
  subscriberAt(name: SubscriberName): Subscriber;
  nodeAt(name: string): TopicNode;
  log(failure: TellingFailure): void;
}
