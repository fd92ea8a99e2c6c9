import { LIMITS } from "../protocol/limits.ts";
import { withoutNeedless } from "./needless.ts";
import { parentOf, topicOf } from "./node-name.ts";
import type { NodeHead, NodeStore } from "./node-store.ts";
import { Ring } from "./ring.ts";
import type { Delivery, Item } from "./topic-messages.ts";

/** What a node knows of its topic: in which life it is, and what was published last. */
export class NodeState {
  readonly name: string;
  readonly topic: string;
  /** The node above this one; `undefined` at the root. */
  readonly parent: string | undefined;
  readonly store: NodeStore;
  #head: NodeHead | undefined;
  #ring = new Ring(0);
  /** Those that were asked for, by where they begin: most subscribers lack the same. */
  readonly #deliveries = new Map<number, Delivery>();

  constructor(name: string, store: NodeStore) {
    this.name = name;
    this.topic = topicOf(name);
    this.parent = parentOf(name);
    this.store = store;
    this.#head = store.head();
  }

  /** What is stored; `undefined` while there is no life. */
  get head(): NodeHead | undefined {
    return this.#head;
  }

  /** Of this life; empty while there is none. */
  get epoch(): string {
    return this.#head?.epoch ?? "";
  }

  /** The number of the last publication; 0: none. */
  get last(): number {
    return this.#ring.last;
  }

  /** Writes what has changed. One row. */
  write(head: NodeHead): void {
    if (head.epoch !== this.epoch) this.#deliveries.clear();
    this.#head = head;
    this.store.writeHead(head);
  }

  /** Begins to keep publications behind a number. */
  restart(seq: number): void {
    this.#ring = new Ring(seq);
    this.#deliveries.clear();
  }

  /** See {@link Ring.extend}. */
  extend(to: number, items: readonly Item[] | undefined): void {
    this.#ring.extend(to, items);
    this.#deliveries.clear();
  }

  /** What lies behind a number, as much of it as one call takes; below 0: everything has to be afresh. */
  deliveryFrom(seq: number): Delivery {
    const known = this.#deliveries.get(seq);
    if (known !== undefined) return known;
    const delivery = this.#deliveryFrom(seq);
    this.#deliveries.set(seq, delivery);
    return delivery;
  }

  /** Forgets everything, stored or not. */
  async clear(): Promise<void> {
    this.#head = undefined;
    this.restart(0);
    await this.store.clear();
  }

  #deliveryFrom(seq: number): Delivery {
    const { topic, name: node, epoch, last } = this;
    const behind = this.#ring.since(seq)?.slice(0, LIMITS.deliveredPublications);
    const from = Math.max(0, seq);
    if (behind === undefined) return { topic, node, epoch, from, to: last };
    const isAll = behind.length < LIMITS.deliveredPublications;
    const to = isAll ? last : (behind.at(-1)?.seq ?? last);
    return { topic, node, epoch, from, to, items: withoutNeedless(behind) };
  }
}
