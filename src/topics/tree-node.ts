import { LIMITS } from "../protocol/limits.ts";
import { Deliveries } from "./deliveries.ts";
import { NodeAlarm } from "./node-alarm.ts";
import { parentOf } from "./node-name.ts";
import type { NodeSource } from "./node-source.ts";
import { NodeState } from "./node-state.ts";
import type { NodeStore } from "./node-store.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import { Placement } from "./placement.ts";
import { Relay } from "./relay.ts";
import { Root } from "./root.ts";
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

/**
 * One node of a topic: takes subscribers, up to `nodeSubscribers`, and sends further ones to relays below it; tells all of them what is
 * published. Its methods are called by remote calls, and by the alarm of its object.
 */
export class TreeNode implements TopicNode {
  readonly #state: NodeState;
  readonly #on: NodeSurroundings;
  readonly #alarm: NodeAlarm;
  readonly #deliveries: Deliveries;
  readonly #placement: Placement;
  readonly #source: NodeSource;
  /** Subscribers that are being taken. */
  #arriving = 0;

  /**
   * @param name of its object
   * @param isRinging the alarm rings: {@link ring} is called next
   */
  constructor(name: string, store: NodeStore, surroundings: NodeSurroundings, isRinging: boolean) {
    this.#state = new NodeState(name, store);
    this.#on = surroundings;
    this.#alarm = new NodeAlarm(this.#state, surroundings);
    this.#deliveries = new Deliveries(this.#state, surroundings, {
      wakeBy: (at) => this.#alarm.wakeBy(at),
      counted: (relay, size) => this.#placement.learn(relay, size),
      left: () => this.#left(),
    });
    this.#placement = new Placement(this.#state, surroundings.bounds, {
      has: (name) => this.#deliveries.has({ kind: "relay", name }),
      ask: () => this.#deliveries.attestRelays(),
    });
    const kind = this.#isRelay ? Relay : Root;
    this.#source = new kind(this.#state, this.#deliveries, surroundings);
    this.#source.load(isRinging);
    if (isRinging || this.#state.head === undefined) return;
    this.#deliveries.tell();
    this.#schedule();
  }

  async subscribe(wish: SubscribeWish): Promise<SubscribeAnswer> {
    this.#arriving += 1;
    try {
      await this.#source.ready();
    } finally {
      this.#arriving -= 1;
    }
    const { subscriber, number } = wish;
    if (this.#isSentOn(subscriber)) return { kind: "elsewhere", node: this.#placement.relayFor(wish) };
    const { seq, isKnown } = this.#deliveries.add(subscriber, number);
    this.#deliveries.tell();
    this.#schedule();
    return { kind: "subscribed", position: { epoch: this.#state.epoch, seq }, isKnown };
  }

  async unsubscribe(subscriber: SubscriberName, number?: number): Promise<void> {
    this.#deliveries.remove(subscriber, number);
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    const answer = await this.#source.publish(publications);
    this.#deliveries.tell();
    this.#schedule();
    return answer;
  }

  /** Publishes what the topic says by itself, at its root: where nobody subscribes, nothing. Stored when it returns. */
  announce(published: Published): void {
    if (!(this.#source instanceof Root)) return;
    this.#source.announce(published);
    this.#deliveries.tell();
    this.#schedule();
  }

  /** The number of the last publication; 0: none. */
  get last(): number {
    return this.#state.last;
  }

  /** Whether anybody is told by this node. */
  get isWatched(): boolean {
    return this.#deliveries.size > 0;
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
    if (isEarly && this.#deliveries.settled === last && (head.settled ?? 0) < last && !this.#isRelay)
      this.#state.write({ ...head, settled: last });
    this.#alarm.wakeBy(at);
  }

  async since(position: Position): Promise<Delivery> {
    return await this.#source.since(position);
  }

  async deliver(delivery: Delivery): Promise<Receipt> {
    if (delivery.node !== this.#state.parent) return "gone";
    if (this.#isLeft) {
      await this.#forget();
      return "gone";
    }
    await this.#source.take(delivery);
    this.#schedule();
    return "here";
  }

  async attest(): Promise<number> {
    // Whoever comes behind that answer has it join again.
    if (this.#isRelay && this.#isLeft) await this.#forget();
    return this.#deliveries.size + this.#arriving;
  }

  /** Does what is due. Called by the alarm alone. Rejects when nothing can be stored: then the platform lets it ring again. */
  async ring(): Promise<void> {
    const { head } = this.#state;
    if (head === undefined) return;
    // An alarm that comes before the round stands a millisecond before it at the latest.
    const isRound = head.roundAt - 1 <= this.#on.now();
    const isQuiet = await this.#ask(isRound);
    if (isQuiet === undefined) return this.#alarm.wakeBy(this.#on.now() + LIMITS.deliverRetryMs);
    if (isRound && (await this.#round(isQuiet))) return;
    this.#deliveries.ring();
    this.#deliveries.tell();
    this.#schedule();
  }

  /** Whether nothing was published since the last round; `undefined` when the node above cannot be asked what there is to tell. */
  async #ask(isRound: boolean): Promise<boolean | undefined> {
    const { name, parent } = this.#state;
    if (this.#isRelay && this.#isLeft) return true;
    try {
      return await this.#source.ring(isRound);
    } catch (cause) {
      const peer = { kind: "relay", name: parent ?? name } as const;
      this.#on.log({ node: name, peer, isGivenUp: false, cause });
      return undefined;
    }
  }

  /** Asks whether subscribers are there. Answers whether everything was forgotten: nobody is, and nothing was published. */
  async #round(isQuiet: boolean): Promise<boolean> {
    const { head } = this.#state;
    if (head === undefined) return true;
    if (isQuiet && this.#isLeft) {
      await this.#forget();
      return true;
    }
    const now = this.#on.now();
    this.#deliveries.attest(now - LIMITS.leaseMs / 2);
    const quietRounds = isQuiet ? head.quietRounds + 1 : 0;
    const leases = Math.min(2 ** quietRounds, LIMITS.quietLeases);
    const roundAt = now + leases * LIMITS.leaseMs;
    this.#state.write({ ...(this.#state.head ?? head), settled: this.#source.settled, quietRounds, roundAt });
    return false;
  }

  /** Nobody is there any more: unless somebody comes, everything is forgotten after a lease. */
  #left(): void {
    const { head } = this.#state;
    const roundAt = this.#on.now() + LIMITS.leaseMs;
    if (head !== undefined && roundAt < head.roundAt) this.#state.write({ ...head, roundAt });
    this.#schedule();
  }

  async #forget(): Promise<void> {
    if (this.#state.head === undefined) return;
    this.#source.forget();
    await this.#state.clear();
  }

  get #isRelay(): boolean {
    return this.#state.parent !== undefined;
  }

  get #isLeft(): boolean {
    return this.#deliveries.size === 0 && this.#arriving === 0;
  }

  /** A relay of its own it takes in any case. */
  #isSentOn(subscriber: SubscriberName): boolean {
    if (this.#deliveries.has(subscriber)) return false;
    if (subscriber.kind === "relay" && parentOf(subscriber.name) === this.#state.name) return false;
    return this.#placement.isFull(this.#deliveries.sessions);
  }

  #schedule(): void {
    this.#alarm.schedule(this.#source.isBusy, this.#deliveries.nextAt);
  }
}
