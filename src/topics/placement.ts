import { LIMITS } from "../protocol/limits.ts";
import { Hash } from "../render/hash.ts";
import { depthOf, regionName, regionOf, relayOf } from "./node-name.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeBounds } from "./node-surroundings.ts";
import type { SubscribeWish } from "./topic-messages.ts";

/** What placement asks of its node. */
export interface PlacementPorts {
  /** Whether a relay subscribes. */
  has(relay: string): boolean;
  /** Has the relays say how many subscribers they have: see {@link Placement.learn}. */
  ask(): void;
}

/**
 * Which relay a subscriber is sent to that a full node does not take: the first of its region that has room. When all are full there is
 * one more, up to the node's bounds; then relays have relays of their own.
 */
export class Placement {
  readonly #state: NodeState;
  readonly #bounds: NodeBounds;
  readonly #ports: PlacementPorts;
  /** How many subscribers relays have, as far as this node was told, and those that it has sent since. */
  readonly #sizes = new Map<string, number>();

  constructor(state: NodeState, bounds: NodeBounds, ports: PlacementPorts) {
    this.#state = state;
    this.#bounds = bounds;
    this.#ports = ports;
  }

  /** Whether a node with so many sessions sends further ones to relays. */
  isFull(sessions: number): boolean {
    return sessions >= this.#bounds.subscribers && depthOf(this.#state.name) < LIMITS.relayDepth;
  }

  /** The relay for a subscriber. Writes a row when there is one more for it. */
  relayFor({ subscriber, region }: SubscribeWish): string {
    const { name, parent } = this.#state;
    const hash = new Hash().begin().text(name).text(subscriber.name).low >>> 0;
    // Below the root, everybody is of one region.
    const relay = this.#choose(regionName(parent === undefined ? region : regionOf(name)), hash);
    const size = this.#sizeOf(relay);
    if (size !== undefined) this.#sizes.set(relay, size + 1);
    return relay;
  }

  /** A relay has said how many subscribers it has, or has left. */
  learn(relay: string, size: number): void {
    this.#sizes.set(relay, size);
  }

  #choose(region: string, hash: number): string {
    const { name } = this.#state;
    const count = this.#relays[region] ?? 0;
    const relays = Array.from({ length: count }, (_, index) => relayOf(name, region, index));
    // After a sleep nobody knows: they are asked, and until they have answered chance has it.
    if (relays.some((relay) => this.#sizeOf(relay) === undefined)) {
      this.#ports.ask();
      return relayOf(name, region, hash % count);
    }
    const open = relays.find((relay) => (this.#sizeOf(relay) ?? 0) < this.#bounds.subscribers);
    if (open !== undefined) return open;
    if (this.#total < this.#bounds.relays) return this.#another(region);
    if (count > 0) return relayOf(name, region, hash % count);
    // Others took all the room before anybody came from there.
    const others = Object.entries(this.#relays);
    const [other, all] = others[hash % others.length] ?? [region, 1];
    return relayOf(name, other, hash % all);
  }

  #another(region: string): string {
    const { head, name } = this.#state;
    const index = this.#relays[region] ?? 0;
    if (head !== undefined) this.#state.write({ ...head, relays: { ...head.relays, [region]: index + 1 } });
    return relayOf(name, region, index);
  }

  /** `undefined` for one that subscribes and has not said it yet. */
  #sizeOf(relay: string): number | undefined {
    return this.#sizes.get(relay) ?? (this.#ports.has(relay) ? undefined : 0);
  }

  get #relays(): Readonly<Record<string, number>> {
    return this.#state.head?.relays ?? {};
  }

  get #total(): number {
    return Object.values(this.#relays).reduce((sum, count) => sum + count, 0);
  }
}
