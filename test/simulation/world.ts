import { Hash } from "../../src/render/hash.ts";
import { depthOf, regionOf as hintOf } from "../../src/topics/node-name.ts";
import type { NodeBounds } from "../../src/topics/node-surroundings.ts";
import type { Subscriber, SubscriberName, TopicNode } from "../../src/topics/topic-messages.ts";
import type { Random } from "../chaos/random.ts";
import type { Agenda } from "./agenda.ts";
import type { Ledger } from "./ledger.ts";
import type { CallCost, Machine, Network } from "./network.ts";
import { NodeHost, type NodeWorld } from "./node-host.ts";
import type { Usage } from "./prices.ts";
import { type Region, regionOf } from "./regions.ts";
import { type SessionWorld, SimulatedSession } from "./session.ts";
import { StandIn } from "./stand-in.ts";

/** What a world is made of. */
export interface WorldParts {
  readonly agenda: Agenda;
  readonly network: Network;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly bounds: NodeBounds;
  /** Of so many relays one is carried out; others stand in for what is below them. */
  readonly sample: number;
}

/** What calls cost their ends, in milliseconds of one processor: four tenths together, as measured locally. */
const NODE_COST: CallCost = { sendMs: 0.2, receiveMs: 0.2 };
/** With a session's turn behind a delivery. */
const SESSION_COST: CallCost = { sendMs: 0.2, receiveMs: 2 };

/** Where a topic is that nobody has asked for elsewhere. */
const HOME: Region = "enam";

/** How long a written row takes to be safe, in milliseconds. Source: lumenize.com, "What I got wrong about DO throughput": 10 to 13. */
const FLUSH_MS = 12;

/** The nodes and subscribers of one topic, and the network between them. */
export class World implements NodeWorld, SessionWorld {
  readonly topic = "simulated";
  readonly flushMs = FLUSH_MS;
  readonly agenda: Agenda;
  readonly ledger: Ledger;
  readonly bounds: NodeBounds;
  readonly hosts = new Map<string, NodeHost>();
  readonly sessions: SimulatedSession[] = [];
  readonly standIns = new Map<string, StandIn>();
  /** Of those that take longer than others for each delivery: how long, in milliseconds. */
  readonly slowMs = new Map<string, number>();
  readonly #network: Network;
  readonly #random: Random;
  readonly #sample: number;
  readonly #byName = new Map<string, SimulatedSession>();

  constructor({ agenda, network, ledger, random, bounds, sample }: WorldParts) {
    this.bounds = bounds;
    this.#sample = sample;
    this.agenda = agenda;
    this.ledger = ledger;
    this.#network = network;
    this.#random = random;
  }

  readonly random = (): number => this.#random.next();

  /** A further session. */
  addSession(name: string, region: Region): SimulatedSession {
    const session = new SimulatedSession({ name, index: this.sessions.length }, region, this);
    this.sessions.push(session);
    this.#byName.set(name, session);
    return session;
  }

  /** What stands for a relay that is not carried out; `undefined` for one that is. */
  standIn(name: string): StandIn | undefined {
    if (this.#sample === 1 || depthOf(name) === 0) return undefined;
    const known = this.standIns.get(name);
    if (known !== undefined || this.hosts.has(name)) return known;
    const depth = depthOf(name);
    const isFirst = ![...this.hosts.keys()].some((other) => depthOf(other) === depth);
    if (isFirst || (new Hash().begin().text(name).low >>> 0) % this.#sample === 0) {
      this.host(name);
      return undefined;
    }
    const standIn = new StandIn(regionOf(hintOf(name)), this.agenda);
    this.standIns.set(name, standIn);
    return standIn;
  }

  /** The object of a node, made where it is asked for first. */
  host(name: string): NodeHost {
    const known = this.hosts.get(name);
    if (known !== undefined) return known;
    const host = new NodeHost(name, depthOf(name) === 0 ? HOME : regionOf(hintOf(name)), this);
    this.hosts.set(name, host);
    return host;
  }

  readonly subscriberAt = (caller: Machine, { kind, name }: SubscriberName): Subscriber => {
    const standIn = kind === "relay" ? this.standIn(name) : undefined;
    if (kind === "relay" && standIn === undefined) return this.nodeAt(caller, name);
    const session = standIn ?? this.#byName.get(name);
    if (session === undefined) throw new Error(`There is no session ${name}`);
    const ends = [caller, session.machine] as const;
    const turnMs = this.slowMs.get(name) ?? SESSION_COST.receiveMs;
    const cost = standIn === undefined ? { ...SESSION_COST, receiveMs: turnMs } : NODE_COST;
    return {
      deliver: (delivery) => this.#network.call(ends, cost, () => session.deliver(delivery)),
      attest: () => this.#network.call(ends, NODE_COST, () => session.attest()),
    };
  };

  readonly nodeAt = (caller: Machine, name: string): TopicNode => {
    const host = this.host(name);
    const call = <Answer>(run: (node: TopicNode) => Promise<Answer>) =>
      this.#network.call([caller, host.machine], NODE_COST, () => run(host.node));
    return {
      subscribe: (wish) => call((node) => node.subscribe(wish)),
      unsubscribe: (subscriber) => call((node) => node.unsubscribe(subscriber)),
      since: (position) => call((node) => node.since(position)),
      publish: (publications) => call((node) => node.publish(publications)),
      deliver: (delivery) => call((node) => node.deliver(delivery)),
      attest: (topic) => call((node) => node.attest(topic)),
    };
  };

  /** What has been used so far, by those too for whom others stand. */
  get usage(): Usage {
    const usage = { requests: 0, rowsWritten: 0, activeMs: 0 };
    for (const { machine } of [...this.sessions, ...this.hosts.values()]) {
      usage.requests += machine.weight * machine.calls;
      usage.activeMs += machine.weight * machine.activeAt(this.agenda.now);
    }
    for (const { machine, alarms, store } of this.hosts.values()) {
      usage.requests += machine.weight * alarms;
      usage.rowsWritten += machine.weight * store.rowsWritten;
    }
    return usage;
  }
}
