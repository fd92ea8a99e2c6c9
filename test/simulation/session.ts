import type {
  Delivery,
  Position,
  Receipt,
  Subscriber,
  SubscriberName,
  TopicNode,
} from "../../src/topics/topic-messages.ts";
import type { Agenda } from "./agenda.ts";
import type { Ledger } from "./ledger.ts";
import { LostCall, Machine } from "./network.ts";
import type { Region } from "./regions.ts";

/** What a session asks of the world around it. */
export interface SessionWorld {
  readonly agenda: Agenda;
  readonly ledger: Ledger;
  readonly topic: string;
  nodeAt(caller: Machine, name: string): TopicNode;
}

/** How often one is sent from node to node before it gives up. */
const MOST_HOPS = 20;

/** How long it waits before it asks again, in milliseconds. */
const RETRY_MS = 500;

/** A session that subscribes to a topic, and does with deliveries what the session object does. */
export class SimulatedSession implements Subscriber {
  readonly name: SubscriberName;
  readonly machine: Machine;
  /** False: it does not answer calls, until it does again. */
  isReachable = true;
  readonly #index: number;
  readonly #world: SessionWorld;
  /** The node that tells it. */
  #node: string | undefined;
  #position: Position | undefined;
  /** While it waits for an answer: what it is told meanwhile waits, too. */
  #asking: Promise<void> | undefined;

  constructor(
    { name, index }: { readonly name: string; readonly index: number },
    region: Region,
    world: SessionWorld,
  ) {
    this.#index = index;
    this.#world = world;
    this.name = { kind: "session", name };
    this.machine = new Machine(region);
  }

  /** The node that tells it; `undefined` while none does. */
  get node(): string | undefined {
    return this.#node;
  }

  get isSubscribed(): boolean {
    return this.#position !== undefined;
  }

  /** Asks the root, and whomever that sends it to, until it is subscribed. */
  async subscribe(): Promise<void> {
    this.#asking = this.#ask();
    await this.#asking;
    this.#asking = undefined;
  }

  /**
   * Needs to be told no more.
   *
   * @param saysSo false: its node finds out
   */
  async leave(saysSo: boolean): Promise<void> {
    const node = this.#node;
    this.#node = undefined;
    this.#position = undefined;
    this.#world.ledger.leave(this.#index);
    // Should it be lost, the next delivery is answered "gone".
    if (saysSo && node !== undefined)
      await this.#world
        .nodeAt(this.machine, node)
        .unsubscribe(this.name)
        .catch(() => {});
  }

  /**
   * Ends with all that it remembers, and comes back a while later: it subscribes anew, and asks for what it has missed. What it is told in
   * between it does not know of.
   */
  async comeBack(awayMs: number): Promise<void> {
    const position = this.#position;
    if (position === undefined || this.#asking !== undefined) return;
    this.#node = undefined;
    this.#position = undefined;
    await this.#world.agenda.wait(awayMs);
    this.#asking = this.#ask(position);
    await this.#asking;
    this.#asking = undefined;
  }

  async deliver(delivery: Delivery): Promise<Receipt> {
    await this.#asking;
    if (!this.isReachable) throw new LostCall();
    if (this.#position === undefined || delivery.node !== this.#node) return "gone";
    const lacks = delivery.epoch === this.#position.epoch && delivery.from > this.#position.seq;
    if (!lacks || delivery.items === undefined) this.#take(delivery);
    else this.#take(await this.#world.nodeAt(this.machine, delivery.node).since(this.#position));
    return "here";
  }

  async attest(): Promise<number> {
    if (!this.isReachable) throw new LostCall();
    return this.#position === undefined ? 0 : 1;
  }

  /** @param told up to where it was told before it ended */
  async #ask(told?: Position): Promise<void> {
    const { agenda, topic, nodeAt } = this.#world;
    let node = topic;
    for (let hop = 0; hop < MOST_HOPS; ) {
      try {
        const wish = { subscriber: this.name, region: this.machine.region };
        const answer = await nodeAt(this.machine, node).subscribe(wish);
        if (answer.kind === "subscribed") {
          if (told === undefined) return this.begin(node, answer.position);
          const missed = await nodeAt(this.machine, node).since(told);
          this.#node = node;
          this.#position = told;
          return this.#take(missed);
        }
        node = answer.node;
        hop += 1;
      } catch (problem) {
        if (!(problem instanceof LostCall)) throw problem;
        await agenda.wait(RETRY_MS);
      }
    }
    throw new Error(`${this.name.name} was sent on ${MOST_HOPS} times`);
  }

  /** It is told by a node, from a place on. */
  begin(node: string, position: Position): void {
    this.#node = node;
    // A later answer to an earlier wish says less than what came since.
    if (this.#position?.epoch === position.epoch && this.#position.seq >= position.seq) return;
    this.#position = position;
    this.#world.ledger.begin(this.#index, position.seq);
  }

  #take({ epoch, to, items }: Delivery): void {
    const { ledger } = this.#world;
    const position = this.#position;
    if (position === undefined) return;
    if (items === undefined || epoch !== position.epoch) {
      this.#position = { epoch, seq: to };
      return ledger.afresh(this.#index, to);
    }
    if (to <= position.seq) return ledger.dropped();
    for (const { seq, published } of items) {
      if (seq > position.seq) ledger.told(this.#index, { seq, published }, this.machine.weight);
    }
    this.#position = { epoch, seq: to };
  }
}
