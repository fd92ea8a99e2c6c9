import { LIMITS } from "../protocol/limits.ts";
import { DueTimer } from "./due-timer.ts";
import { Follower, keyOf, type UnderWay } from "./follower.ts";
import { Holds } from "./holds.ts";
import { depthOf } from "./node-name.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import type { Delivery, Receipt, SubscriberName } from "./topic-messages.ts";

/** The first wait before a subscriber is tried again, in milliseconds; each further one is twice as long. */
const FIRST_RETRY_MS = 250;

/** Waits below this, in milliseconds, keep the object awake; longer ones are the alarm's, and what is waited for is stored. */
const AWAKE_MS = 4_000;

/** The number of the first failure whose wait is such a longer one, whatever chance says. */
const LONG_FAILURES = 6;

/** What deliveries ask of their node. */
export interface DeliveryPorts {
  /** Has {@link Deliveries.ring} called by a time, in milliseconds since 1970, also if the node ends before. */
  wakeBy(at: number): void;
  /** A relay has said how many subscribers it has, or has left. */
  counted(relay: string, size: number): void;
  /** The last subscriber is gone. */
  left(): void;
}

/**
 * Tells the subscribers of one node what is published: each has one call under way at most, and what comes meanwhile goes with its next,
 * so that a slow one costs a number and holds nobody up. One that cannot be reached is tried again with growing waits, and loses its
 * subscription after `leaseMs`.
 */
export class Deliveries {
  readonly #state: NodeState;
  readonly #on: NodeSurroundings;
  readonly #ports: DeliveryPorts;
  readonly #followers = new Map<string, Follower>();
  readonly #waiting = new Set<Follower>();
  readonly #holds = new Holds();
  readonly #timer: DueTimer;
  /** How long {@link told} waits, in milliseconds: each level of relays half as long as the one above. */
  readonly #holdMs: number;
  #underWay = 0;
  /** Sessions among the subscribers. */
  #sessions = 0;

  constructor(state: NodeState, surroundings: NodeSurroundings, ports: DeliveryPorts) {
    this.#state = state;
    this.#on = surroundings;
    this.#ports = ports;
    this.#timer = new DueTimer(surroundings, () => this.ring());
    this.#holdMs = LIMITS.relayHoldMs / 2 ** Math.max(0, depthOf(state.name) - 1);
  }

  /**
   * Takes what is stored, once, before anything else.
   *
   * @param told the last publication that everybody who is not away was told
   */
  load(told: number): void {
    for (const { name, away } of this.#state.store.subscribers()) {
      const follower = new Follower(name, away?.told ?? told);
      this.#keep(follower);
      if (away === undefined) continue;
      Object.assign(follower, { awaySince: away.since, isStoredAway: true, failures: LONG_FAILURES - 1 });
      follower.retryAt = this.#on.now();
      this.#waiting.add(follower);
    }
  }

  get size(): number {
    return this.#followers.size;
  }

  get sessions(): number {
    return this.#sessions;
  }

  has(name: SubscriberName): boolean {
    return this.#followers.has(keyOf(name));
  }

  /** Everybody was told everything up to this number, but those of whom it is stored what they were told. */
  get settled(): number {
    let settled = this.#state.last;
    for (const { told, isStoredAway } of this.#followers.values())
      if (!isStoredAway && told < settled) settled = told;
    return settled;
  }

  /** The least that anybody was told of those who are stored as away, if less than a number; those who need everything afresh left out. */
  lowestAway(below: number): number {
    const away = [...this.#followers.values()].filter(({ isStoredAway, told }) => isStoredAway && told >= 0);
    return Math.min(below, ...away.map(({ told }) => told));
  }

  /**
   * Adds a subscriber, or hears from one again, which is told from where it was.
   *
   * @param number see {@link SubscribeWish.number}
   * @returns the last publication that it was told, and whether it was there
   */
  add(name: SubscriberName, number = 0): { readonly seq: number; readonly isKnown: boolean } {
    const known = this.#followers.get(keyOf(name));
    const follower = known ?? new Follower(name, this.#state.last);
    if (known === undefined) {
      this.#keep(follower);
      this.#state.store.writeSubscriber({ name });
    }
    const isKnown = known !== undefined && known.told >= 0;
    if (!isKnown) follower.told = this.#state.last;
    follower.subscriptions += 1;
    follower.number = Math.max(follower.number, number);
    follower.heardAt = this.#on.now();
    this.#isHere(follower);
    return { seq: follower.told, isKnown };
  }

  remove(name: SubscriberName, number = Number.POSITIVE_INFINITY): void {
    const follower = this.#followers.get(keyOf(name));
    if (follower !== undefined && follower.number <= number) this.#drop(follower);
  }

  /** Has everything be afresh for everybody. */
  forgetTold(): void {
    for (const follower of this.#followers.values()) {
      follower.told = -1;
      if (follower.isStoredAway) this.#storeAway(follower);
    }
  }

  /** Everybody who is not away was told everything up to a number: known of a node that was told so itself. */
  assume(told: number): void {
    for (const follower of this.#followers.values()) if (!follower.isStoredAway) follower.told = told;
  }

  /** Begins a call to each who lacks something, and is neither being told nor to be tried later. */
  tell(): void {
    for (const follower of this.#followers.values()) this.#tellOne(follower);
  }

  /**
   * Resolves when everybody was told everything up to now, but those who are away or slow; or after `relayHoldMs` at most: who has
   * not answered by then is slow.
   */
  async told(): Promise<void> {
    const missing = [...this.#followers.values()].filter(
      ({ told, retryAt, isSlow }) => told < this.#state.last && retryAt === undefined && !isSlow,
    );
    await this.#holds.hold(this.#state.last, missing, (end) => this.#on.later(this.#holdMs, end));
  }

  /** Asks sessions that were not heard of since a time whether anybody is there, and relays how many there are. */
  attest(since: number): void {
    for (const follower of this.#followers.values())
      if (follower.name.kind === "relay" || follower.heardAt < since) this.#attestOne(follower);
  }

  /** Asks relays how many there are. */
  attestRelays(): void {
    for (const follower of this.#followers.values())
      if (follower.name.kind === "relay") this.#attestOne(follower);
  }

  #attestOne(follower: Follower): void {
    if (follower.call === undefined && follower.retryAt === undefined) this.#call(follower);
  }

  /** Does what is due. */
  ring(): void {
    const now = this.#on.now();
    for (const follower of this.#followers.values()) {
      const { call } = follower;
      if (call !== undefined && call.startedAt + LIMITS.deliverMs <= now)
        this.#failed(follower, call, new Error(`No answer within ${LIMITS.deliverMs} ms`));
    }
    for (const follower of [...this.#waiting]) if ((follower.retryAt ?? now) <= now) this.#call(follower);
    this.#setTimer();
  }

  /** When somebody who is stored as away has to be seen to, in milliseconds since 1970; `undefined`: nobody is. */
  get nextAt(): number | undefined {
    const away = [...this.#followers.values()].filter(({ isStoredAway }) => isStoredAway);
    // One that is being tried is tried again, if the node ends before it has answered.
    return away.length === 0 ? undefined : Math.min(...away.map((follower) => this.#nextOf(follower)));
  }

  #nextOf({ retryAt, call }: Follower): number {
    if (retryAt !== undefined) return retryAt;
    return call === undefined ? this.#on.now() : Math.max(call.retryAt, call.startedAt + LIMITS.deliverMs);
  }

  #tellOne(follower: Follower): void {
    const isBusy = follower.call !== undefined || follower.retryAt !== undefined;
    if (!isBusy && follower.told < this.#state.last) this.#call(follower);
  }

  #call(follower: Follower): void {
    this.#waiting.delete(follower);
    follower.retryAt = undefined;
    const startedAt = this.#on.now();
    const retryAt = startedAt + this.#retryMs(follower.failures);
    const call = { startedAt, subscription: follower.subscriptions, retryAt };
    follower.call = call;
    this.#underWay += 1;
    const delivery = follower.told < this.#state.last ? this.#state.deliveryFrom(follower.told) : undefined;
    this.#ask(follower, delivery).then(
      (receipt) => this.#answered(follower, call, { receipt, delivery }),
      (cause) => this.#failed(follower, call, cause),
    );
    this.#timer.setBy(call.startedAt + LIMITS.deliverMs);
  }

  async #ask(follower: Follower, delivery: Delivery | undefined): Promise<Receipt> {
    const peer = this.#on.subscriberAt(follower.name);
    if (delivery !== undefined) return await peer.deliver(delivery);
    const size = await peer.attest(this.#state.topic);
    if (follower.name.kind === "relay") this.#ports.counted(follower.name.name, size);
    return size > 0 ? "here" : "gone";
  }

  #answered(
    follower: Follower,
    call: UnderWay,
    { receipt, delivery }: { readonly receipt: Receipt; readonly delivery: Delivery | undefined },
  ): void {
    this.#end(follower, call);
    if (this.#followers.get(keyOf(follower.name)) !== follower) return;
    if (receipt === "here") {
      // Who has subscribed anew meanwhile goes on from where it was then: it may be an earlier life of it that has answered.
      const isSame = call.subscription === follower.subscriptions;
      if (isSame && delivery?.epoch === this.#state.epoch)
        follower.told = Math.max(follower.told, delivery.to);
      follower.heardAt = this.#on.now();
      follower.isSlow = follower.heardAt - call.startedAt > this.#holdMs;
      this.#isHere(follower);
      this.#holds.told(follower);
    } else if (call.subscription === follower.subscriptions) {
      return this.#drop(follower);
    }
    this.#tellOne(follower);
  }

  #failed(follower: Follower, call: UnderWay, cause: unknown): void {
    // It came too late, and has failed already.
    if (follower.call !== call) return;
    this.#end(follower, call);
    if (this.#followers.get(keyOf(follower.name)) !== follower) return;
    const now = this.#on.now();
    follower.failures += 1;
    follower.awaySince ??= call.startedAt;
    const isGivenUp = now - follower.awaySince >= LIMITS.leaseMs;
    if (isGivenUp) this.#drop(follower);
    else this.#waitUntil(follower, Math.max(call.retryAt, now + FIRST_RETRY_MS));
    if (isGivenUp || follower.failures === LONG_FAILURES)
      this.#on.log({ node: this.#state.name, peer: follower.name, isGivenUp, cause });
  }

  /** How long to wait behind one more failure, in milliseconds. */
  #retryMs(failures: number): number {
    const longest = Math.min(FIRST_RETRY_MS * 2 ** failures, LIMITS.deliverRetryMs);
    return Math.ceil(longest * (0.5 + this.#on.random() / 2));
  }

  #waitUntil(follower: Follower, retryAt: number): void {
    follower.retryAt = retryAt;
    this.#waiting.add(follower);
    this.#holds.release(follower);
    if (retryAt - this.#on.now() < AWAKE_MS && !follower.isStoredAway) return this.#timer.setBy(retryAt);
    if (!follower.isStoredAway) this.#storeAway(follower);
    this.#ports.wakeBy(retryAt);
  }

  #storeAway(follower: Follower): void {
    const { name, told, awaySince = this.#on.now() } = follower;
    follower.isStoredAway = true;
    this.#state.store.writeSubscriber({ name, away: { since: awaySince, told } });
  }

  /** It can be reached. */
  #isHere(follower: Follower): void {
    this.#waiting.delete(follower);
    Object.assign(follower, { failures: 0, awaySince: undefined, retryAt: undefined });
    if (!follower.isStoredAway) return;
    follower.isStoredAway = false;
    this.#state.store.writeSubscriber({ name: follower.name });
  }

  #keep(follower: Follower): void {
    this.#followers.set(keyOf(follower.name), follower);
    if (follower.name.kind === "session") this.#sessions += 1;
  }

  #drop(follower: Follower): void {
    this.#followers.delete(keyOf(follower.name));
    if (follower.name.kind === "session") this.#sessions -= 1;
    this.#waiting.delete(follower);
    this.#holds.release(follower);
    if (follower.name.kind === "relay") this.#ports.counted(follower.name.name, 0);
    this.#state.store.removeSubscriber(follower.name);
    if (this.#followers.size === 0) this.#ports.left();
  }

  #end(follower: Follower, call: UnderWay): void {
    if (follower.call !== call) return;
    follower.call = undefined;
    this.#underWay -= 1;
    // A timer that nobody needs would keep the object from its sleep.
    if (this.#underWay === 0) this.#setTimer();
  }

  /** For the first of the calls that may time out, and of the short waits. */
  #setTimer(): void {
    const now = this.#on.now();
    let next = Number.POSITIVE_INFINITY;
    for (const { call, retryAt, isStoredAway } of this.#followers.values()) {
      if (call !== undefined) next = Math.min(next, call.startedAt + LIMITS.deliverMs);
      if (retryAt !== undefined && retryAt - now < AWAKE_MS && !isStoredAway) next = Math.min(next, retryAt);
    }
    this.#timer.setTo(next);
  }
}
