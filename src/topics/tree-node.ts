import { LIMITS } from "../protocol/limits.ts";
import { Deliveries } from "./deliveries.ts";
import { NodeState } from "./node-state.ts";
import type { NodeStore } from "./node-store.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import { Publications, rateMessage } from "./publications.ts";
import type {
  Delivery,
  Position,
  Publication,
  PublishAnswer,
  Published,
  Receipt,
  SubscribeAnswer,
  SubscriberName,
  SubscribeWish,
  TopicNode,
} from "./topic-messages.ts";

/** One node of a topic. Its methods are called by remote calls, and by the alarm of its object. */
export class TreeNode implements TopicNode {
  readonly #state: NodeState;
  readonly #on: NodeSurroundings;
  readonly #deliveries: Deliveries;
  readonly #publications: Publications;
  /** When something was published last, as far as this object remembers. */
  #publishedAt = 0;

  /**
   * @param name of its object
   * @param isRinging the alarm rings: it was set for something
   */
  constructor(name: string, store: NodeStore, surroundings: NodeSurroundings, isRinging: boolean) {
    this.#state = new NodeState(name, store);
    this.#on = surroundings;
    this.#deliveries = new Deliveries(this.#state, surroundings, (at) => this.#wakeBy(at));
    this.#publications = new Publications(this.#state, surroundings);
    this.#load(isRinging);
  }

  async subscribe({ subscriber }: SubscribeWish): Promise<SubscribeAnswer> {
    this.#begin();
    const { seq, isKnown } = this.#deliveries.add(subscriber);
    this.#deliveries.tell();
    return { kind: "subscribed", position: { epoch: this.#state.epoch, seq }, isKnown };
  }

  async unsubscribe(subscriber: SubscriberName): Promise<void> {
    this.#deliveries.remove(subscriber);
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    const isHeard = this.#state.head !== undefined;
    // Whoever comes later begins in a life of its own, and behind it.
    if (!isHeard) return { kind: "published", position: { epoch: "", seq: 0 } };
    const taken = this.#publications.take(publications, this.#deliveries.settled);
    if (taken.kind === "refused") return { ...taken, message: rateMessage(this.#state.topic) };
    if (taken.count > 0) this.#publishedNow();
    return { kind: "published", position: this.#position };
  }

  /** Publishes what the topic says by itself, at its root: where nobody subscribes, nothing. Stored when it returns. */
  announce(published: Published): void {
    if (this.#state.head === undefined) return;
    this.#publications.add(published, this.#deliveries.settled);
    this.#publishedNow();
  }

  /** False while nothing is stored of it: nobody subscribes. */
  get isAlive(): boolean {
    return this.#state.head !== undefined;
  }

  /** Has the alarm ring by a time, in milliseconds since 1970, for something beside what the node does. */
  wakeBy(at: number): void {
    const { head, last } = this.#state;
    const isEarly = head !== undefined && at < head.roundAt;
    // Such an alarm says that somebody may not have been told everything, unless it is stored that everybody was.
    if (isEarly && this.#deliveries.settled === last && (head.settled ?? 0) < last)
      this.#state.write({ ...head, settled: last });
    this.#wakeBy(at);
  }

  async since({ epoch, seq }: Position): Promise<Delivery> {
    return this.#state.deliveryFrom(epoch === this.#state.epoch ? seq : -1);
  }

  async deliver(_delivery: Delivery): Promise<Receipt> {
    return "gone";
  }

  async attest(): Promise<number> {
    return this.#deliveries.size;
  }

  /** Does what is due. */
  async ring(): Promise<void> {
    const { head } = this.#state;
    if (head === undefined) return;
    const now = this.#on.now();
    this.#deliveries.ring();
    if (head.roundAt <= now && (await this.#round(now))) return;
    this.#schedule();
  }

  /** Asks whether subscribers are there. Answers whether everything was forgotten. */
  async #round(now: number): Promise<boolean> {
    const { head } = this.#state;
    if (head === undefined) return true;
    const isQuiet = this.#state.last <= (head.settled ?? 0);
    if (isQuiet && this.#deliveries.size === 0) {
      await this.#state.clear();
      return true;
    }
    this.#deliveries.attest(now - LIMITS.leaseMs / 2);
    const quietRounds = isQuiet ? head.quietRounds + 1 : 0;
    const leases = Math.min(2 ** quietRounds, LIMITS.quietLeases);
    const { settled } = this.#deliveries;
    this.#state.write({ ...head, settled, quietRounds, roundAt: now + leases * LIMITS.leaseMs });
    return false;
  }

  get #position(): Position {
    return { epoch: this.#state.epoch, seq: this.#state.last };
  }

  #publishedNow(): void {
    this.#publishedAt = this.#on.now();
    this.#deliveries.tell();
    this.#schedule();
  }

  /** Takes what is stored. What may not have been told to everybody before the node ended is told once more. */
  #load(isRinging: boolean): void {
    const { head, store } = this.#state;
    if (head === undefined) return;
    const settled = Math.max(this.#publications.load(), head.settled ?? 0);
    const isRoundNext = !isRinging && store.alarmAt !== null && store.alarmAt >= head.roundAt;
    this.#deliveries.load(isRoundNext ? this.#state.last : settled);
    this.#deliveries.tell();
    if (!isRinging) this.#schedule();
  }

  #begin(): void {
    if (this.#state.head !== undefined) return;
    const roundAt = this.#on.now() + LIMITS.leaseMs;
    this.#state.write({ epoch: this.#newEpoch(), roundAt, quietRounds: 0, relays: {} });
    this.#schedule();
  }

  #newEpoch(): string {
    return Math.floor(this.#on.random() * Number.MAX_SAFE_INTEGER).toString(36);
  }

  /** Sets the alarm: for the round, or before it when there is something to be seen to. */
  #schedule(): void {
    const { head, last } = this.#state;
    if (head === undefined) return;
    const now = this.#on.now();
    const isBusy = this.#deliveries.settled < last || now - this.#publishedAt < LIMITS.redeliverMs;
    // An alarm for the round says that everybody was told.
    const at = isBusy ? Math.min(now + LIMITS.redeliverMs, head.roundAt - 1) : head.roundAt;
    this.#wakeBy(Math.min(at, this.#deliveries.nextAt ?? at));
  }

  #wakeBy(at: number): void {
    const { store } = this.#state;
    const now = this.#on.now();
    const isLost = store.alarmAt !== null && store.alarmAt < now - LIMITS.lateAlarmMs;
    if (store.alarmAt === null || isLost || at < store.alarmAt) store.setAlarm(Math.max(at, now));
  }
}
