import { LIMITS } from "../protocol/limits.ts";
import { DueTimer } from "./due-timer.ts";
import { Follower, keyOf, type UnderWay } from "./follower.ts";
import { Holds } from "./holds.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import type { Delivery, Receipt, SubscriberName } from "./topic-messages.ts";

/** The first wait before a subscriber is tried again, in milliseconds; each further one is twice as long. */
const FIRST_RETRY_MS = 250;

/** Waits up to here, in milliseconds, keep the object awake; longer ones are the alarm's, and what is waited for is stored. */
const AWAKE_MS = 4_000;

/** The number of the first failure whose wait is such a longer one, whatever chance says. */
const LONG_FAILURES = 6;

/**
 * Tells the subscribers of one node what is published: each has one call under way at most, and what comes meanwhile goes with its next,
 * so that a slow one costs a number and holds nobody up. One that cannot be reached is tried again with growing waits, and loses its
 * subscription after `leaseMs`.
 */
export class Deliveries {
  readonly #state: NodeState;
  readonly #on: NodeSurroundings;
  readonly #wakeAt: (at: number) => void;
  readonly #followers = new Map<string, Follower>();
  readonly #waiting = new Set<Follower>();
  readonly #holds = new Holds();
  readonly #timer: DueTimer;
  #underWay = 0;

  /** @param wakeAt has {@link ring} called by then, also if the node ends before */
  constructor(state: NodeState, surroundings: NodeSurroundings, wakeAt: (at: number) => void) {
    this.#state = state;
    this.#on = surroundings;
    this.#wakeAt = wakeAt;
    this.#timer = new DueTimer(surroundings, () => this.ring());
  }

  /**
   * Takes what is stored, once, before anything else.
   *
   * @param told the last publication that everybody who is not away was told
   */
  load(told: number): void {
    for (const { name, away } of this.#state.store.subscribers()) {
      const follower = new Follower(name, away?.told ?? told);
      this.#followers.set(keyOf(name), follower);
      if (away === undefined) continue;
      Object.assign(follower, { awaySince: away.since, isStoredAway: true, failures: LONG_FAILURES - 1 });
      follower.retryAt = this.#on.now();
      this.#waiting.add(follower);
    }
  }

  get size(): number {
    return this.#followers.size;
  }

  count(kind: SubscriberName["kind"]): number {
    let count = 0;
    for (const { name } of this.#followers.values()) if (name.kind === kind) count += 1;
    return count;
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

  /**
   * Adds a subscriber, or hears from one again, which is told from where it was.
   *
   * @returns the last publication that it was told, and whether it was there
   */
  add(name: SubscriberName): { readonly seq: number; readonly isKnown: boolean } {
    const key = keyOf(name);
    const known = this.#followers.get(key);
    const follower = known ?? new Follower(name, this.#state.last);
    if (known === undefined) {
      this.#followers.set(key, follower);
      this.#state.store.writeSubscriber({ name });
    }
    const isKnown = known !== undefined && known.told >= 0;
    if (!isKnown) follower.told = this.#state.last;
    follower.subscriptions += 1;
    this.#isHere(follower);
    return { seq: follower.told, isKnown };
  }

  remove(name: SubscriberName): void {
    const follower = this.#followers.get(keyOf(name));
    if (follower !== undefined) this.#drop(follower);
  }

  /** Has everything be afresh for everybody. */
  forgetTold(): void {
    for (const follower of this.#followers.values()) follower.told = -1;
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
   * Resolves when everybody was told everything up to now, but those who are away or slow; or after `relayHoldMs`: who has not
   * answered by then is slow.
   */
  async told(): Promise<void> {
    const missing = [...this.#followers.values()].filter(
      ({ told, retryAt, isSlow }) => told < this.#state.last && retryAt === undefined && !isSlow,
    );
    await this.#holds.hold(this.#state.last, missing, (end) => this.#on.later(LIMITS.relayHoldMs, end));
  }

  /** Asks those who were not heard of since a time whether anybody is there. */
  attest(since: number): void {
    for (const follower of this.#followers.values()) {
      const isAsked = follower.call !== undefined || follower.retryAt !== undefined;
      if (!isAsked && follower.heardAt < since) this.#call(follower);
    }
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

  /** When {@link ring} has to be called at the latest, in milliseconds since 1970; `undefined`: not by itself. */
  get nextAt(): number | undefined {
    const times = [...this.#waiting].map(({ retryAt }) => retryAt ?? 0);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #tellOne(follower: Follower): void {
    const isBusy = follower.call !== undefined || follower.retryAt !== undefined;
    if (!isBusy && follower.told < this.#state.last) this.#call(follower);
  }

  #call(follower: Follower): void {
    this.#waiting.delete(follower);
    follower.retryAt = undefined;
    const call = { startedAt: this.#on.now(), subscription: follower.subscriptions };
    follower.call = call;
    this.#underWay += 1;
    const delivery = follower.told < this.#state.last ? this.#state.deliveryFrom(follower.told) : undefined;
    this.#ask(follower.name, delivery).then(
      (receipt) => this.#answered(follower, call, { receipt, delivery }),
      (cause) => this.#failed(follower, call, cause),
    );
    this.#timer.setBy(call.startedAt + LIMITS.deliverMs);
  }

  async #ask(name: SubscriberName, delivery: Delivery | undefined): Promise<Receipt> {
    const peer = this.#on.subscriberAt(name);
    if (delivery !== undefined) return await peer.deliver(delivery);
    return (await peer.attest(this.#state.topic)) > 0 ? "here" : "gone";
  }

  #answered(
    follower: Follower,
    call: UnderWay,
    { receipt, delivery }: { readonly receipt: Receipt; readonly delivery: Delivery | undefined },
  ): void {
    this.#end(follower, call);
    if (this.#followers.get(keyOf(follower.name)) !== follower) return;
    if (receipt === "here") {
      if (delivery?.epoch === this.#state.epoch) follower.told = Math.max(follower.told, delivery.to);
      follower.heardAt = this.#on.now();
      follower.isSlow = follower.heardAt - call.startedAt > LIMITS.relayHoldMs;
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
    else this.#waitFor(follower, now);
    if (isGivenUp || follower.failures === LONG_FAILURES)
      this.#on.log({ node: this.#state.name, subscriber: follower.name, isGivenUp, cause });
  }

  #waitFor(follower: Follower, now: number): void {
    const longest = Math.min(FIRST_RETRY_MS * 2 ** (follower.failures - 1), LIMITS.deliverRetryMs);
    const retryAt = Math.ceil(now + longest * (0.5 + this.#on.random() / 2));
    follower.retryAt = retryAt;
    this.#waiting.add(follower);
    this.#holds.release(follower);
    if (retryAt - now <= AWAKE_MS) return this.#timer.setBy(retryAt);
    if (!follower.isStoredAway) {
      follower.isStoredAway = true;
      const away = { since: follower.awaySince ?? now, told: follower.told };
      this.#state.store.writeSubscriber({ name: follower.name, away });
    }
    this.#wakeAt(retryAt);
  }

  /** It can be reached. */
  #isHere(follower: Follower): void {
    this.#waiting.delete(follower);
    Object.assign(follower, { failures: 0, awaySince: undefined, retryAt: undefined });
    if (!follower.isStoredAway) return;
    follower.isStoredAway = false;
    this.#state.store.writeSubscriber({ name: follower.name });
  }

  #drop(follower: Follower): void {
    this.#followers.delete(keyOf(follower.name));
    this.#waiting.delete(follower);
    this.#holds.release(follower);
    this.#state.store.removeSubscriber(follower.name);
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
    for (const { call, retryAt } of this.#followers.values()) {
      if (call !== undefined) next = Math.min(next, call.startedAt + LIMITS.deliverMs);
      if (retryAt !== undefined && retryAt - now <= AWAKE_MS) next = Math.min(next, retryAt);
    }
    this.#timer.setTo(next);
  }
}
