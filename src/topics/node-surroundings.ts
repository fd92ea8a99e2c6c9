import type { Timer } from "../time/timer.ts";
import type { Subscriber, SubscriberName, TopicNode } from "./topic-messages.ts";

/** Somebody whom a node cannot reach, for the log. */
export interface NodeFailure {
  readonly node: string;
  /** A subscriber of it, or the node above it. */
  readonly peer: SubscriberName;
  /** The subscription has ended; otherwise it is tried again. */
  readonly isGivenUp: boolean;
  readonly cause: unknown;
}

/** How wide a tree is. */
export interface NodeBounds {
  /** Sessions that one node tells by itself. */
  readonly subscribers: number;
  /** Relays below one node. */
  readonly relays: number;
}

/** What a node runs on, so that the same code runs in an object, in tests, and in a simulation. */
export interface NodeSurroundings {
  /** In milliseconds since 1970. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** Runs something after some milliseconds; returns what cancels it. */
  readonly later: Timer;
  /** Whoever is told, by name. Throws where there is no such object. */
  subscriberAt(name: SubscriberName): Subscriber;
  nodeAt(name: string): TopicNode;
  /** Told once for each time that somebody is away for long. Never throws. */
  log(failure: NodeFailure): void;
  readonly bounds: NodeBounds;
}
