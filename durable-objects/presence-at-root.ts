import { LIMITS } from "../src/protocol/limits.ts";
import type { NodeSurroundings } from "../src/topics/node-surroundings.ts";
import type { Attendant } from "../src/topics/presence-messages.ts";
import { TopicPresence } from "../src/topics/topic-presence.ts";
import type { TreeNode } from "../src/topics/tree-node.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import { StoredPresence } from "./presence-store.ts";

/** What a root's presence runs on. */
export interface PresenceGround {
  readonly ctx: DurableObjectState;
  /** The root, which tells of it. */
  readonly node: TreeNode;
  /** The topic's name. */
  readonly topic: string;
  readonly surroundings: NodeSurroundings;
}

/** Who is present in the topic of this root, and what it stores. */
export class PresenceAtRoot {
  readonly #store: StoredPresence;
  readonly #node: TreeNode;
  readonly here: TopicPresence;

  constructor({ ctx, node, topic, surroundings }: PresenceGround) {
    this.#node = node;
    this.#store = new StoredPresence(ctx.storage);
    this.here = new TopicPresence({
      store: this.#store,
      now: () => surroundings.now(),
      life: crypto.randomUUID().slice(0, 8),
      tell: () => node.announce({ kind: "roster" }),
      ringBy: (at) => node.wakeBy(at),
      timer: surroundings.later,
      ask: async (session) => {
        // Whoever is present is a session, and those answer this too.
        const peer = surroundings.subscriberAt({ kind: "session", name: session }) as unknown as Attendant;
        return await withDeadline(peer.attendance(topic), LIMITS.deliverMs, surroundings.later);
      },
      finish: (work) => ctx.waitUntil(work),
    });
  }

  /** Does what is due, and has the alarm ring for what is due next. */
  ring(): void {
    const at = this.here.ring();
    if (at !== undefined) this.#node.wakeBy(at);
  }

  /** The object's storage has been emptied. */
  forget(): void {
    this.#store.forget();
    this.here.forget();
  }
}
