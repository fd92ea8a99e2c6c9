import { LIMITS } from "../src/protocol/limits.ts";
import type { NodeSurroundings } from "../src/topics/node-surroundings.ts";
import type { RegionAnswer } from "../src/topics/region-messages.ts";
import { RegionRoot } from "../src/topics/region-root.ts";
import type { TopicError } from "../src/topics/topic-error.ts";
import type { Publication, PublishAnswer, Touched } from "../src/topics/topic-messages.ts";
import type { TreeNode } from "../src/topics/tree-node.ts";
import { withDeadline } from "../src/turn/deadline.ts";

/** How the application renders its regions. */
export interface RegionRenderers<Env> {
  /** Renders the region of that name; `undefined` for a topic that is none. */
  rendererOf(name: string, ctx: DurableObjectState, env: Env): (() => Promise<unknown>) | undefined;
  /** Why a topic is no region. */
  unknown(name: string): TopicError;
  /** Something failed that nobody else hears of. */
  failed(name: string, cause: unknown): void;
}

/** What a root's region runs on. */
export interface RegionGround {
  /** The root, which tells of it. */
  readonly node: TreeNode;
  /** The topic's name. */
  readonly topic: string;
  readonly surroundings: NodeSurroundings;
  readonly render: () => Promise<unknown>;
  readonly failed: (cause: unknown) => void;
}

/** A touch, and what becomes of it. */
interface Taken {
  /** Its number among those of its session. */
  readonly number: number;
  readonly done: Promise<void>;
}

/** The region of a topic at its root: what touches it is published as what it changes in the region. */
export class RegionAtRoot {
  readonly #node: TreeNode;
  readonly #root: RegionRoot;
  readonly #failed: (cause: unknown) => void;
  /** The last touch of each session, whose copies change nothing. Those that touched last, last. */
  readonly #taken = new Map<string, Taken>();

  constructor({ node, topic, surroundings, render, failed }: RegionGround) {
    this.#node = node;
    this.#failed = failed;
    this.#root = new RegionRoot(topic, {
      render: async () => await withDeadline(render(), LIMITS.refreshMs, surroundings.later),
      publish: async (published) => {
        node.announce(published);
        return node.last;
      },
      last: () => node.last,
      isWatched: () => node.isWatched,
      now: () => surroundings.now(),
      pause: (milliseconds) =>
        new Promise((resolve) => {
          surroundings.later(milliseconds, resolve);
        }),
      newLife: () => crypto.randomUUID().slice(0, 8),
      failed,
    });
  }

  /** What the region shows; without the HTML, where the caller has it. Never rejects. */
  async answer(place: string | undefined): Promise<RegionAnswer> {
    try {
      const content = await this.#root.content();
      return content.place === place
        ? { kind: "region", place }
        : { kind: "region", place: content.place, html: content.html };
    } catch (cause) {
      this.#failed(cause);
      return failure(cause);
    }
  }

  /** As the node publishes, in order; what touches the topic is published when the region is rendered. */
  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    let others: Publication[] = [];
    let touches: Promise<void>[] = [];
    for (const publication of publications) {
      const { published } = publication;
      if (published.kind === "touch") {
        if (others.length > 0) {
          const answer = await this.#node.publish(others);
          if (answer.kind === "refused") return answer;
          others = [];
        }
        // Those in a row make one render.
        touches.push(this.#take(publication, touchedOf(published)));
        continue;
      }
      await Promise.all(touches);
      touches = [];
      others.push(publication);
    }
    await Promise.all(touches);
    return await this.#node.publish(others);
  }

  /** Resolves when it is stored what came of it; of a copy, of that of which it is one. */
  async #take({ id }: Publication, touched: Touched): Promise<void> {
    const before = id && this.#taken.get(id.publisher);
    if (id === undefined || before === undefined || before.number < id.number) {
      const done = this.#root.touched(touched);
      if (id !== undefined) this.#remember(id.publisher, { number: id.number, done });
      return await done;
    }
    await before.done;
  }

  #remember(publisher: string, taken: Taken): void {
    this.#taken.delete(publisher);
    this.#taken.set(publisher, taken);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > LIMITS.regionPublishers && oldest !== undefined) this.#taken.delete(oldest);
    // It is told again, and has to be taken then.
    taken.done.catch(() => {
      if (this.#taken.get(publisher) === taken) this.#taken.delete(publisher);
    });
  }
}

/** What a session is told of a region that cannot be had. */
export function failure(cause: unknown): RegionAnswer {
  return { kind: "failed", message: cause instanceof Error ? cause.message : String(cause) };
}

function touchedOf({ changed, author }: Touched): Touched {
  return {
    ...(changed === undefined ? {} : { changed }),
    ...(author === undefined ? {} : { author }),
  };
}
