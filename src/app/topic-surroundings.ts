import type { LogEntry } from "../../durable-objects/session-runtime.ts";
import { LIMITS } from "../protocol/limits.ts";
import { startTimer } from "../time/start-timer.ts";
import type { NodeFailure, NodeSurroundings } from "../topics/node-surroundings.ts";
import type { Subscriber } from "../topics/topic-messages.ts";
import { type ClassContext, namespaceOf, SESSION_CLASS, topicAt } from "./object-classes.ts";

/** What a topic's nodes run on in their objects. `log` never throws. */
export function topicSurroundings(ctx: ClassContext, log: (entry: LogEntry) => void): NodeSurroundings {
  return {
    now: () => Date.now(),
    random: Math.random,
    later: startTimer,
    subscriberAt: ({ kind, name }) => (kind === "relay" ? topicAt(ctx, name) : sessionAt(ctx, name)),
    nodeAt: (name) => topicAt(ctx, name),
    log: (failure) => log(entryOf(failure)),
    bounds: { subscribers: LIMITS.nodeSubscribers, relays: LIMITS.nodeRelays },
  };
}

function sessionAt(ctx: ClassContext, name: string): Subscriber {
  // Names in this namespace are objects of the class, whose methods the platform offers as they are.
  return namespaceOf(ctx, SESSION_CLASS).getByName(name) as unknown as Subscriber;
}

function entryOf({ node, peer, isGivenUp, cause }: NodeFailure): LogEntry {
  const message = `${peer.kind} ${peer.name} ${isGivenUp ? "is given up" : "is tried again"}`;
  return { event: "topic-failed", id: crypto.randomUUID(), url: "", target: node, message, cause };
}
