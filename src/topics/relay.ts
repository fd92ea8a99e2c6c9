import { LIMITS } from "../protocol/limits.ts";
import { within } from "../time/within.ts";
import type { Deliveries } from "./deliveries.ts";
import { regionOf } from "./node-name.ts";
import type { NodeSource } from "./node-source.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import type { Delivery, Position, Publication, PublishAnswer, TopicNode } from "./topic-messages.ts";

/**
 * What makes a node a relay: it is a subscriber of the node above it. It stores nothing of what it passes on: it answers a delivery when
 * its own subscribers have it, and is told again if it ends before. Where one of them takes its time, it stores from where on somebody
 * may lack something, answers, and asks for what lies behind that place after a restart.
 */
export class Relay implements NodeSource {
  readonly #state: NodeState;
  readonly #deliveries: Deliveries;
  readonly #on: NodeSurroundings;
  readonly #parent: string;
  /** What was asked of the node above, or came from it, one after another. */
  #turn: Promise<void> = Promise.resolve();
  /** It knows what it was told last. */
  #isPlaced = false;
  /** It ended after it had answered for what it may not have passed on. */
  #lacks = false;
  #toldAt = 0;
  /** How many times it has forgotten everything. */
  #lives = 0;

  constructor(state: NodeState, deliveries: Deliveries, on: NodeSurroundings) {
    this.#state = state;
    this.#deliveries = deliveries;
    this.#on = on;
    this.#parent = state.parent ?? state.topic;
  }

  load(): void {
    const { head } = this.#state;
    if (head === undefined) return;
    this.#isPlaced = head.settled !== undefined;
    this.#lacks = this.#isPlaced;
    const settled = head.settled ?? 0;
    this.#deliveries.load(settled);
    this.#state.restart(this.#deliveries.lowestAway(Math.max(0, settled)));
  }

  async ready(): Promise<void> {
    if (this.#isPlaced) return;
    await this.#inTurn(async () => {
      if (!this.#isPlaced) await this.#join();
    });
  }

  async publish(publications: readonly Publication[]): Promise<PublishAnswer> {
    return await this.#on.nodeAt(this.#state.topic).publish(publications);
  }

  /** What it does not keep, nodes above it may. */
  async since(position: Position): Promise<Delivery> {
    if (this.#isPlaced && position.epoch === this.#state.epoch) {
      const delivery = this.#state.deliveryFrom(position.seq);
      if (delivery.items !== undefined) return delivery;
    }
    return { ...(await this.#on.nodeAt(this.#parent).since(position)), node: this.#state.name };
  }

  async take(delivery: Delivery): Promise<void> {
    await this.#inTurn(async () => {
      // It has left, or was just taken back: what it takes without being a subscriber it would be told once and never again.
      if (this.#state.head === undefined) throw new Error(`${this.#state.name} does not subscribe`);
      const isSameLife = delivery.epoch === this.#state.epoch;
      // It was told that by the node above, and so were all of its own that are not known to be away.
      if (!this.#isPlaced && isSameLife) await this.#place(delivery.from);
      if (isSameLife && delivery.from > this.#state.last) await this.#catchUp(delivery.to);
      else this.#extend(delivery);
    });
    await this.#hold();
  }

  async ring(isRound: boolean): Promise<boolean> {
    if (isRound) await this.#inTurn(() => this.#join());
    else await this.ready();
    const isQuiet = this.#toldAt < this.#on.now() - LIMITS.leaseMs;
    // After a restart it lacks what it answered for.
    if (this.#lacks) await this.#inTurn(() => this.#catchUp(this.#state.last));
    this.#lacks = false;
    this.#note(this.#deliveries.settled);
    return isQuiet;
  }

  forget(): void {
    this.#lives += 1;
    this.#isPlaced = false;
    this.#lacks = false;
  }

  get isBusy(): boolean {
    return this.#state.head?.settled !== undefined;
  }

  get settled(): number | undefined {
    return this.#state.head?.settled;
  }

  /** Subscribes at the node above, or hears from it where this one is. */
  async #join(): Promise<void> {
    const region = regionOf(this.#state.name);
    const subscriber = { kind: "relay", name: this.#state.name } as const;
    const answer = await this.#ask((above) => above.subscribe({ subscriber, region }));
    if (answer.kind === "elsewhere")
      throw new Error(`${JSON.stringify(this.#parent)} does not take its own relay ${this.#state.name}`);
    const { position, isKnown } = answer;
    if (position.epoch !== this.#state.epoch) return this.#begin(position);
    // Who was dropped while nobody could reach it does not know what it missed, unless it knows where it was.
    if (!this.#isPlaced && isKnown) return await this.#place(position.seq);
    if (!this.#isPlaced) return this.#placeAfresh(position.seq);
    if (!isKnown && position.seq > this.#state.last) await this.#catchUp(position.seq);
  }

  /** Asks for what it lacks up to a number, and for what lies behind that. */
  async #catchUp(to: number): Promise<void> {
    const { last } = this.#state;
    this.#extend(await this.#ask((above) => above.since(this.#position)));
    if (this.#state.last < to) throw new Error(`Nothing is to be had behind ${last} of ${this.#state.name}`);
  }

  /** Begins to be told, in a life that it has not been in. */
  #begin({ epoch, seq }: Position): void {
    const { head } = this.#state;
    const roundAt = this.#on.now() + LIMITS.leaseMs;
    const fresh = { roundAt, quietRounds: 0, relays: {}, ...head, epoch, settled: undefined };
    this.#state.write(fresh);
    this.#placeAfresh(seq);
  }

  /** Everybody was told everything up to a number but those who are known to be away, for whom it asks again. */
  async #place(seq: number): Promise<void> {
    this.#state.restart(this.#deliveries.lowestAway(seq));
    if (this.#state.last < seq) await this.#catchUp(seq);
    this.#deliveries.assume(seq);
    this.#isPlaced = true;
  }

  #placeAfresh(seq: number): void {
    this.#state.restart(seq);
    this.#deliveries.forgetTold();
    this.#isPlaced = true;
  }

  #extend({ epoch, to, items }: Delivery): void {
    if (epoch !== this.#state.epoch) return this.#begin({ epoch, seq: to });
    if (to <= this.#state.last) return;
    this.#toldAt = this.#on.now();
    const { last } = this.#state;
    this.#state.extend(
      to,
      items?.filter(({ seq }) => seq > last),
    );
  }

  /** Waits for its own subscribers, if not for long. */
  async #hold(): Promise<void> {
    this.#deliveries.tell();
    await this.#deliveries.told();
    const { settled } = this.#deliveries;
    if (settled < this.#state.last && this.#state.head?.settled === undefined) this.#note(settled);
  }

  /** Stores from where on somebody may lack something; or that nobody does. */
  #note(settled: number): void {
    const { head, last } = this.#state;
    const noted = settled < last ? settled : undefined;
    if (head !== undefined && noted !== head.settled) this.#state.write({ ...head, settled: noted });
  }

  get #position(): Position {
    return { epoch: this.#state.epoch, seq: this.#state.last };
  }

  /** What the node above answers, unless it is for a life that is over. */
  async #ask<Answer>(question: (above: TopicNode) => Promise<Answer>): Promise<Answer> {
    const lives = this.#lives;
    const late = () => new Error(`${this.#parent} has not answered within ${LIMITS.deliverMs} ms`);
    // A question that nobody ever answers would hold up all that comes behind it.
    const asked = question(this.#on.nodeAt(this.#parent));
    const answer = await within(asked, LIMITS.deliverMs, this.#on.later, late);
    if (lives !== this.#lives) throw new Error(`${this.#state.name} has left meanwhile`);
    return answer;
  }

  async #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => {});
    await turn;
  }
}
