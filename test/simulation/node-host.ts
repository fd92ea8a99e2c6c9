import type { NodeBounds, NodeSurroundings } from "../../src/topics/node-surroundings.ts";
import type { Subscriber, SubscriberName, TopicNode } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import type { Agenda } from "./agenda.ts";
import { CountedStore } from "./counted-store.ts";
import { Machine } from "./network.ts";
import type { Region } from "./regions.ts";

/** When simulations begin, in milliseconds since 1970. */
const BEGINNING = Date.UTC(2026, 0);

/** What a node's object is in the world around it. */
export interface NodeWorld {
  readonly agenda: Agenda;
  /** How long a written row takes to be safe, in milliseconds: what is said behind it waits so long. */
  readonly flushMs: number;
  readonly bounds: NodeBounds;
  random(): number;
  subscriberAt(caller: Machine, name: SubscriberName): Subscriber;
  nodeAt(caller: Machine, name: string): TopicNode;
}

/** The object of one node, which can be killed: the next call, or its alarm, starts it again on what it has stored. */
export class NodeHost {
  readonly name: string;
  readonly machine: Machine;
  readonly store: CountedStore;
  /** Alarms that rang. */
  alarms = 0;
  /** Subscribers that could not be told for long. */
  failures = 0;
  readonly #world: NodeWorld;
  #node: TreeNode | undefined;

  constructor(name: string, region: Region, world: NodeWorld) {
    this.name = name;
    this.#world = world;
    this.machine = new Machine(region);
    this.store = new CountedStore({
      wrote: () => {
        this.machine.writtenAt = Math.max(this.machine.writtenAt, world.agenda.now + world.flushMs);
      },
      alarmSet: (at) => this.#setAlarm(at),
    });
  }

  /** The node, started when it does not run. */
  get node(): TreeNode {
    this.#node ??= this.#start(false);
    return this.#node;
  }

  /** Ends the object where it stands. What it has stored is there. */
  kill(): void {
    this.machine.kill(this.#world.agenda.now);
    this.#node = undefined;
  }

  #start(isRinging: boolean): TreeNode {
    const { agenda, subscriberAt, nodeAt, random, bounds } = this.#world;
    const surroundings: NodeSurroundings = {
      now: () => BEGINNING + agenda.now,
      random,
      later: (milliseconds, run) => this.#later(milliseconds, run),
      subscriberAt: (name) => subscriberAt(this.machine, name),
      nodeAt: (name) => nodeAt(this.machine, name),
      log: () => {
        this.failures += 1;
      },
      bounds,
    };
    return new TreeNode(this.name, this.store, surroundings, isRinging);
  }

  /** A timer keeps the object awake; it goes with it. */
  #later(milliseconds: number, run: () => void): () => void {
    const { agenda } = this.#world;
    const { life } = this.machine;
    let isOver = false;
    const end = () => {
      if (isOver || this.machine.life !== life) return false;
      isOver = true;
      this.machine.end(agenda.now);
      return true;
    };
    this.machine.begin(agenda.now);
    agenda.at(agenda.now + milliseconds, () => {
      if (end()) run();
    });
    return end;
  }

  #setAlarm(at: number): void {
    const { agenda } = this.#world;
    agenda.at(at - BEGINNING, () => {
      // Another one has taken its place.
      if (this.store.alarmAt !== at) return;
      this.store.alarmAt = null;
      this.alarms += 1;
      this.#node ??= this.#start(true);
      void this.#node.ring();
    });
  }
}
