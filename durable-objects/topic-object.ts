import { DurableObject } from "cloudflare:workers";
import type { NodeSurroundings } from "../src/topics/node-surroundings.ts";
import type {
  Delivery,
  Position,
  Publication,
  PublishAnswer,
  Receipt,
  SubscribeAnswer,
  SubscriberName,
  SubscribeWish,
  TopicNode,
} from "../src/topics/topic-messages.ts";
import { TreeNode } from "../src/topics/tree-node.ts";
import { TopicStore } from "./topic-store.ts";

/**
 * A node of a topic, which is its name: the root, or a relay below it. A thin shell: it makes its node of what is stored when somebody
 * calls it, and starts nothing by itself, so that it sleeps while nothing is published.
 */
export class TopicObject<Env = unknown> extends DurableObject<Env> implements TopicNode {
  readonly #store: TopicStore;
  readonly #surroundings: NodeSurroundings;
  #node: Promise<TreeNode> | undefined;

  constructor(ctx: DurableObjectState, env: Env, surroundings: NodeSurroundings) {
    super(ctx, env);
    this.#store = new TopicStore(ctx.storage);
    this.#surroundings = surroundings;
  }

  async subscribe(wish: SubscribeWish): Promise<SubscribeAnswer> {
    return await (await this.#ready(false)).subscribe(wish);
  }

  async unsubscribe(subscriber: SubscriberName): Promise<void> {
    await (await this.#ready(false)).unsubscribe(subscriber);
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    return await (await this.#ready(false)).publish(publications);
  }

  async since(position: Position): Promise<Delivery> {
    return await (await this.#ready(false)).since(position);
  }

  async deliver(delivery: Delivery): Promise<Receipt> {
    return await (await this.#ready(false)).deliver(delivery);
  }

  async attest(): Promise<number> {
    return await (await this.#ready(false)).attest();
  }

  override async alarm(): Promise<void> {
    const node = await this.#ready(true);
    this.#store.rang();
    await node.ring();
  }

  async #ready(isRinging: boolean): Promise<TreeNode> {
    this.#node ??= this.#load(isRinging);
    return await this.#node;
  }

  async #load(isRinging: boolean): Promise<TreeNode> {
    await this.#store.prepare();
    // Found by its name, as every object of the class is.
    const name = this.ctx.id.name ?? "";
    return new TreeNode(name, this.#store, this.#surroundings, isRinging);
  }
}
