import { LIMITS } from "../protocol/limits.ts";
import type { Deliveries } from "./deliveries.ts";
import type { NodeSource } from "./node-source.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import { Publications, rateMessage } from "./publications.ts";
import type { Delivery, Position, Publication, PublishAnswer, Published } from "./topic-messages.ts";

/** What makes a node the root of its topic. */
export class Root implements NodeSource {
  readonly #state: NodeState;
  readonly #deliveries: Deliveries;
  readonly #on: NodeSurroundings;
  readonly #publications: Publications;
  /** When something was published last, as far as this object remembers. */
  #publishedAt = 0;

  constructor(state: NodeState, deliveries: Deliveries, on: NodeSurroundings) {
    this.#state = state;
    this.#deliveries = deliveries;
    this.#on = on;
    this.#publications = new Publications(state, on);
  }

  /** What may not have been told to everybody before the node ended is told once more: who was told drops it. */
  load(isRinging: boolean): void {
    const { head, store } = this.#state;
    if (head === undefined) return;
    const settled = Math.max(this.#publications.load(), head.settled ?? 0);
    const isRoundNext = !isRinging && store.alarmAt === head.roundAt;
    this.#deliveries.load(isRoundNext ? this.#state.last : settled);
  }

  async ready(): Promise<void> {
    if (this.#state.head !== undefined) return;
    const roundAt = this.#on.now() + LIMITS.leaseMs;
    const epoch = Math.floor(this.#on.random() * Number.MAX_SAFE_INTEGER).toString(36);
    this.#state.write({ epoch, roundAt, quietRounds: 0, relays: {} });
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    // Whoever comes later begins in a life of its own, and behind it.
    if (this.#state.head === undefined) {
      this.#publications.miss(publications);
      return { kind: "published", position: { epoch: "", seq: 0 } };
    }
    const taken = this.#publications.take(publications, this.#deliveries.settled);
    if (taken.kind === "refused") return { ...taken, message: rateMessage(this.#state.topic) };
    if (taken.count > 0) this.#publishedAt = this.#on.now();
    return { kind: "published", position: { epoch: this.#state.epoch, seq: this.#state.last } };
  }

  /** Publishes something of the topic's own, if anybody has ever subscribed. */
  announce(published: Published): void {
    if (this.#state.head === undefined) return;
    this.#publications.add(published, this.#deliveries.settled);
    this.#publishedAt = this.#on.now();
  }

  async since({ epoch, seq }: Position): Promise<Delivery> {
    return this.#state.deliveryFrom(epoch === this.#state.epoch ? seq : -1);
  }

  async take(): Promise<void> {
    throw new Error(
      `Nothing is delivered to ${JSON.stringify(this.#state.name)}: it is the root of its topic`,
    );
  }

  async ring(isRound: boolean): Promise<boolean> {
    if (isRound) this.#publications.forget();
    return this.#state.last <= (this.#state.head?.settled ?? 0);
  }

  forget(): void {
    this.#publishedAt = 0;
  }

  get isBusy(): boolean {
    // While more is published soon after, one alarm does for all of it.
    const isRecent = this.#on.now() - this.#publishedAt < LIMITS.redeliverMs;
    return isRecent || this.#deliveries.settled < this.#state.last;
  }

  get settled(): number {
    return this.#deliveries.settled;
  }
}
