import { LIMITS } from "../protocol/limits.ts";
import { Hash } from "../render/hash.ts";
import { depthOf, regionName, regionOf, relayOf } from "./node-name.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeBounds } from "./node-surroundings.ts";
import type { SubscribeWish } from "./topic-messages.ts";

/**
 * Which relay a subscriber is sent to that a full node does not take: one of its region, by a hash of its name. There is one relay for
 * each region at first, and twice as many whenever those are full.
 */
export class Placement {
  readonly #state: NodeState;
  /** How many subscribers are with the relays of a region, as far as this node can say. */
  readonly #placed = new Map<string, number>();
  readonly #bounds: NodeBounds;
  /** How full relays are to be on average before there are twice as many: by chance, some are fuller. */
  readonly #full: number;
  /** How empty before there are half as many. */
  readonly #sparse: number;

  constructor(state: NodeState, bounds: NodeBounds) {
    this.#state = state;
    this.#bounds = bounds;
    this.#full = (bounds.subscribers * 3) / 4;
    this.#sparse = bounds.subscribers / 8;
  }

  /** Whether a node with so many sessions sends further ones to relays. */
  isFull(sessions: number): boolean {
    return sessions >= this.#bounds.subscribers && depthOf(this.#state.name) < LIMITS.relayDepth;
  }

  /** The relay for a subscriber. Writes a row when that makes more relays. */
  relayFor({ subscriber, region }: SubscribeWish): string {
    const { name, parent } = this.#state;
    const hash = new Hash().begin().text(name).text(subscriber.name).low >>> 0;
    // Below the root, everybody is of one region.
    const own = regionName(parent === undefined ? region : regionOf(name));
    const place = this.#room(own, hash);
    const placed = this.#placedIn(place) + 1;
    this.#placed.set(place, placed);
    const relays = this.#relays[place] ?? 0;
    if (placed > relays * this.#full && this.#total + relays <= this.#bounds.relays)
      this.#write(place, relays * 2);
    return relayOf(name, place, hash % (this.#relays[place] ?? 1));
  }

  /**
   * Learns how many subscribers are with each relay; of relays that are almost empty there are half as many from now on, and the others
   * leave with their subscribers.
   */
  recount(sizes: ReadonlyMap<string, number>): void {
    for (const [region, relays] of Object.entries(this.#relays)) {
      const names = Array.from({ length: relays }, (_, index) => relayOf(this.#state.name, region, index));
      const count = names.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
      this.#placed.set(region, count);
      if (relays > 1 && count < relays * this.#sparse) this.#write(region, relays / 2);
    }
  }

  /** The region, or where there can be no relay more for it, another. */
  #room(region: string, hash: number): string {
    if ((this.#relays[region] ?? 0) > 0) return region;
    const others = Object.keys(this.#relays);
    if (this.#total >= this.#bounds.relays) return others[hash % others.length] ?? region;
    this.#write(region, 1);
    return region;
  }

  /** After a restart nobody knows: as many as there would be when there is neither cause for more relays nor for less. */
  #placedIn(region: string): number {
    return this.#placed.get(region) ?? ((this.#relays[region] ?? 0) - 1) * (this.#full / 2);
  }

  get #relays(): Readonly<Record<string, number>> {
    return this.#state.head?.relays ?? {};
  }

  get #total(): number {
    return Object.values(this.#relays).reduce((sum, count) => sum + count, 0);
  }

  #write(region: string, count: number): void {
    const { head } = this.#state;
    if (head !== undefined) this.#state.write({ ...head, relays: { ...head.relays, [region]: count } });
  }
}
