import type { Delivery, Position, Receipt, Subscriber } from "../../src/topics/topic-messages.ts";
import type { TopicWorld } from "./topic-world.ts";

/** A session that follows one topic, as far as its topic can tell. */
export class Watcher implements Subscriber {
  readonly name: string;
  readonly #world: TopicWorld;
  readonly #topic: string;
  readonly #region: string | undefined;
  /** Which node tells it. */
  node: string | undefined;
  position: Position | undefined;
  /** Numbers of the operations that it carried out since it subscribed, in their order; below 0: it rendered afresh what is up to there. */
  seen: number[] = [];
  /** Where it was when it subscribed. */
  from: Position = { epoch: "", seq: 0 };
  touches = 0;
  deliveries = 0;
  /** How long it takes to deliver, in milliseconds, and whether it fails. */
  slowMs = 0;
  isBroken = false;
  isHere = false;
  /** It is here, or wants to be. */
  isWanted = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(world: TopicWorld, topic: string, name: string, region?: string) {
    this.#world = world;
    this.#topic = topic;
    this.name = name;
    this.#region = region;
    world.subscribers.set(name, this);
  }

  /** Subscribes, however often that takes. What is told meanwhile waits for the answer. */
  join(): Promise<void> {
    this.isWanted = true;
    return this.#inTurn(async () => {
      if (this.isHere) return;
      for (let node = this.#topic; ; ) {
        try {
          const subscriber = { kind: "session", name: this.name } as const;
          const answer = await this.#world.nodeAt(node).subscribe({ subscriber, region: this.#region });
          if (answer.kind === "elsewhere") {
            node = answer.node;
            continue;
          }
          this.isHere = true;
          this.node = node;
          this.position = answer.position;
          this.from = answer.position;
          this.seen = [];
          return;
        } catch {
          await this.#world.time.sleep(100);
          node = this.#topic;
        }
      }
    });
  }

  /** Unsubscribes, if it is heard. */
  leave(): Promise<void> {
    this.isWanted = false;
    return this.#inTurn(async () => {
      const { node } = this;
      if (!this.isHere || node === undefined) return;
      this.isHere = false;
      this.node = undefined;
      await this.#world
        .nodeAt(node)
        .unsubscribe({ kind: "session", name: this.name })
        .catch(() => {});
    });
  }

  async deliver(delivery: Delivery): Promise<Receipt> {
    this.deliveries += 1;
    if (this.isBroken) throw new Error("The session is broken");
    if (this.slowMs > 0) await this.#world.time.sleep(this.slowMs);
    let receipt: Receipt = "here";
    await this.#inTurn(async () => {
      if (!this.isHere || delivery.node !== this.node) receipt = "gone";
      else await this.#take(delivery);
    });
    return receipt;
  }

  async attest(): Promise<number> {
    if (this.isBroken) throw new Error("The session is broken");
    return this.isWanted ? 1 : 0;
  }

  async #take(delivery: Delivery): Promise<void> {
    const position = this.position ?? { epoch: "", seq: 0 };
    if (delivery.epoch === position.epoch && delivery.to <= position.seq) return;
    const isGap = delivery.epoch === position.epoch && delivery.from > position.seq;
    if (isGap) return await this.#take(await this.#world.nodeAt(this.node ?? this.#topic).since(position));
    this.position = { epoch: delivery.epoch, seq: delivery.to };
    if (delivery.items === undefined || delivery.epoch !== position.epoch) {
      this.seen.push(-delivery.to);
      return;
    }
    for (const { seq, published } of delivery.items) {
      if (seq <= position.seq) continue;
      if (published.kind === "operations") this.seen.push(seq);
      else this.touches += 1;
    }
  }

  async #inTurn(run: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(run);
    this.#turn = turn.catch(() => {});
    await turn;
  }
}

/** A session that publishes: in order, and again until it is stored. */
export class Publisher {
  readonly name: string;
  readonly #world: TopicWorld;
  readonly #topic: string;
  #number = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(world: TopicWorld, topic: string, name: string) {
    this.#world = world;
    this.#topic = topic;
    this.name = name;
  }

  /** How much it has published. */
  get count(): number {
    return this.#number;
  }

  publish(kind: "touch" | "operations"): Promise<void> {
    this.#number += 1;
    const number = this.#number;
    const published =
      kind === "touch"
        ? { kind }
        : { kind, operations: [{ operation: "setValue", selector: "#x", value: `${this.name} ${number}` }] };
    const publication = { id: { publisher: this.name, number }, published };
    this.#turn = this.#turn.then(async () => {
      for (;;) {
        const answer = await this.#world
          .nodeAt(this.#topic)
          .publish([publication])
          .catch(() => undefined);
        if (answer?.kind === "published") return;
        await this.#world.time.sleep(answer?.waitMs ?? 100);
      }
    });
    return this.#turn;
  }
}
