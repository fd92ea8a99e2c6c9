import { DurableObject } from "cloudflare:workers";
import { parentOf } from "../src/topics/node-name.ts";
import type { NodeSurroundings } from "../src/topics/node-surroundings.ts";
import type {
  Attendance,
  AttendanceAnswer,
  PresenceNode,
  RosterAnswer,
} from "../src/topics/presence-messages.ts";
import type { RegionAnswer, RegionNode } from "../src/topics/region-messages.ts";
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
import type { TopicPresence } from "../src/topics/topic-presence.ts";
import { TreeNode } from "../src/topics/tree-node.ts";
import { PresenceAtRoot } from "./presence-at-root.ts";
import { failure, RegionAtRoot, type RegionRenderers } from "./region-at-root.ts";
import { TopicStore } from "./topic-store.ts";

/**
 * A node of a topic, which is its name: the root, or a relay below it. A thin shell: it makes its node of what is stored when somebody
 * calls it, and starts nothing by itself, so that it sleeps while nothing is published.
 */
export class TopicObject<Env = unknown>
  extends DurableObject<Env>
  implements TopicNode, PresenceNode, RegionNode
{
  readonly #store: TopicStore;
  readonly #surroundings: NodeSurroundings;
  #node: Promise<TreeNode> | undefined;
  /** Of a root alone. */
  #presence: PresenceAtRoot | undefined;
  /** Of a root alone, where the topic is a region. */
  #region: RegionAtRoot | undefined;
  readonly #regions: RegionRenderers<Env>;

  constructor(
    ctx: DurableObjectState,
    env: Env,
    surroundings: NodeSurroundings,
    regions: RegionRenderers<Env>,
  ) {
    super(ctx, env);
    this.#store = new TopicStore(ctx.storage, ctx.id.name);
    this.#surroundings = surroundings;
    this.#regions = regions;
  }

  async subscribe(wish: SubscribeWish): Promise<SubscribeAnswer> {
    return await (await this.#ready(false)).subscribe(wish);
  }

  async unsubscribe(subscriber: SubscriberName, number?: number): Promise<void> {
    await (await this.#ready(false)).unsubscribe(subscriber, number);
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    const node = await this.#ready(false);
    return await (this.#region ?? node).publish(publications);
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

  /** See {@link TopicPresence.attend}. Asked of the root. */
  async attend(attendance: Attendance): Promise<AttendanceAnswer> {
    return (await this.#here()).attend(attendance);
  }

  /** See {@link TopicPresence.roster}. Asked of the root. */
  async roster(known?: string): Promise<RosterAnswer> {
    return (await this.#here()).roster(known);
  }

  /** See {@link RegionNode.region}. Asked of the root. */
  async region(place?: string): Promise<RegionAnswer> {
    await this.#ready(false);
    return (await this.#region?.answer(place)) ?? failure(this.#regions.unknown(this.#store.name ?? ""));
  }

  override async alarm(): Promise<void> {
    const node = await this.#ready(true);
    this.#store.rang();
    await node.ring();
    if (!node.isAlive) this.#presence?.forget();
    this.#presence?.ring();
  }

  /** Who is present. Relays know nothing of it. */
  async #here(): Promise<TopicPresence> {
    await this.#ready(false);
    if (this.#presence !== undefined) return this.#presence.here;
    throw new Error(
      `${this.#store.name} is a relay; expected the root of its topic, which knows who is present`,
    );
  }

  async #ready(isRinging: boolean): Promise<TreeNode> {
    const node = this.#node ?? this.#load(isRinging);
    this.#node = node;
    try {
      return await node;
    } catch (cause) {
      // Whoever calls next finds out whether its storage can be read again.
      if (this.#node === node) this.#node = undefined;
      throw cause;
    }
  }

  async #load(isRinging: boolean): Promise<TreeNode> {
    await this.#store.prepare();
    const { ctx } = this;
    const { name } = this.#store;
    if (name === undefined)
      throw new Error(
        `A node of a topic was reached by its id ${ctx.id}, and has stored no name; expected to be found by its name`,
      );
    const surroundings = this.#surroundings;
    const node = new TreeNode(name, this.#store, surroundings, isRinging);
    if (parentOf(name) !== undefined) return node;
    this.#presence = new PresenceAtRoot({ ctx, node, topic: name, surroundings });
    const render = this.#regions.rendererOf(name, ctx, this.env);
    const failed = (cause: unknown) => this.#regions.failed(name, cause);
    if (render !== undefined)
      this.#region = new RegionAtRoot({ node, topic: name, surroundings, render, failed });
    return node;
  }
}
