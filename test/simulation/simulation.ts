import { LIMITS } from "../../src/protocol/limits.ts";
import type { NodeBounds } from "../../src/topics/node-surroundings.ts";
import { Random } from "../chaos/random.ts";
import { Agenda } from "./agenda.ts";
import type { Level } from "./census.ts";
import { gather, gatherSample } from "./gathering.ts";
import { Ledger, type LedgerCounts } from "./ledger.ts";
import { Network } from "./network.ts";
import { type Money, moneyFor, type Usage } from "./prices.ts";
import { Publisher } from "./publisher.ts";
import { drawRegion } from "./regions.ts";
import type { SimulatedSession } from "./session.ts";
import { World } from "./world.ts";

/** What is simulated. */
export interface SimulationOptions {
  readonly subscribers: number;
  /** Publications, and how many of them in a second. */
  readonly changes: number;
  readonly rate: number;
  /** Which part of all calls is lost, or their answers. */
  readonly loss: number;
  /** Nodes that are killed while changes are published. */
  readonly kills: number;
  readonly seed: number;
  /** How wide the tree is. Default: as the limits say. */
  readonly bounds?: NodeBounds;
  /**
   * Of so many relays one is carried out, and stands for the others at the same distance from the root: for more subscribers than can be
   * carried out each. Default: 1, all of them.
   */
  readonly sample?: number;
}

/** What came of it. */
export interface SimulationReport extends SimulationOptions, LedgerCounts {
  /** Subscribers that are carried out. */
  readonly sampled: number;
  /** Nodes of the topic by how far they are from the root, and how many subscribers those tell by themselves. */
  readonly nodes: readonly number[];
  readonly subscribersAt: readonly number[];
  /** Publications that the topic counted: as many as there were changes. */
  readonly published: number;
  /** For each change: remote calls and alarms, rows written by the topic, and what all of it costs in dollars. */
  readonly callsPerChange: number;
  readonly rowsPerChange: number;
  readonly moneyPerChange: Money;
  /** From a publication until a subscriber has it, in milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Calls that the network lost. */
  readonly lostCalls: number;
}

/** By how much the way may be longer than it is at best. */
const JITTER = 0.2;

/** After how long a caller hears that its call was lost, in milliseconds. */
const NOTICE_MS = 200;

/** Which part of the subscribers leaves, comes back, cannot be reached for a while, or is slow, while changes are published: each. */
const ODD_SHARE = 0.01;
const AWAY_MS = 15_000;
const SLOW_MS = 3_000;
/** How long one is away at most that comes back by itself, in milliseconds. */
const BACK_MS = 2_000;

/** When what is not told counts as lost, in milliseconds behind the last publication: longer than any wait between two tries. */
const PATIENCE_MS = 900_000;

/** How often it is looked whether everybody was told everything, in milliseconds. */
const LOOK_MS = 1_000;

/** How many sessions publish. */
const PUBLISHERS = 20;

/** What befalls subscribers, each a few of them, and what ends it. */
const ODDITIES: readonly (readonly [begin: Befall, end: Befall])[] = [
  [(session) => session.leave(true), () => {}],
  [(session) => session.leave(false), () => {}],
  [(session, world) => session.comeBack(world.random() * BACK_MS), () => {}],
  [
    (session) => {
      session.isReachable = false;
    },
    (session) => {
      session.isReachable = true;
    },
  ],
  [
    (session, world) => world.slowMs.set(session.name.name, SLOW_MS),
    (session, world) => world.slowMs.delete(session.name.name),
  ],
];

type Befall = (session: SimulatedSession, world: World) => unknown;

/** Publishes changes in a topic of many subscribers in simulated time, with faults, and counts what becomes of them. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  return await new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #agenda = new Agenda();
  readonly #network: Network;
  readonly #world: World;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const { loss, seed, changes, sample = 1 } = options;
    const random = new Random(seed);
    this.#random = random;
    const agenda = this.#agenda;
    this.#network = new Network(agenda, random, { loss, jitter: JITTER, noticeMs: NOTICE_MS });
    const ledger = new Ledger(agenda, changes);
    const bounds = options.bounds ?? { subscribers: LIMITS.nodeSubscribers, relays: LIMITS.nodeRelays };
    this.#world = new World({ agenda, network: this.#network, ledger, random, bounds, sample });
  }

  async run(): Promise<SimulationReport> {
    const { changes, rate, subscribers, sample = 1 } = this.#options;
    const levels = await (sample === 1 ? gather : gatherSample)(this.#world, this.#random, subscribers);
    const before = this.#world.usage;
    const start = this.#agenda.now;
    this.#planFaults(start);
    const publishers = this.#planChanges(start);
    const last = start + (changes * 1_000) / rate;
    const isWaiting = () =>
      publishers.some(({ waiting }) => waiting > 0) || this.#world.ledger.counts.lost > 0;
    for (let end = last; end === last || (isWaiting() && end < last + PATIENCE_MS); end += LOOK_MS)
      await this.#agenda.passUntil(end);
    const unpublished = publishers.reduce((sum, { waiting }) => sum + waiting, 0);
    if (unpublished > 0) throw new Error(`${unpublished} changes could not be published`);
    return this.#report(before, levels);
  }

  #planFaults(start: number): void {
    const { changes, rate, kills } = this.#options;
    const sometime = () => start + this.#random.next() * ((changes * 1_000) / rate);
    const names = [...this.#world.hosts.keys()];
    for (let kill = 0; kill < kills; kill += 1) {
      const name = this.#random.next() < 1 / 4 ? this.#world.topic : this.#drawn(names);
      this.#agenda.at(sometime(), () => this.#world.host(name).kill());
    }
    if (kills === 0 && this.#options.loss === 0) return;
    for (const [begin, end] of ODDITIES) {
      for (const session of this.#some()) {
        const at = sometime();
        this.#agenda.at(at, () => begin(session, this.#world));
        this.#agenda.at(at + AWAY_MS, () => end(session, this.#world));
      }
    }
  }

  #planChanges(start: number): readonly Publisher[] {
    const { changes, rate } = this.#options;
    const publishers = Array.from(
      { length: PUBLISHERS },
      (_, index) => new Publisher(`p${index}`, drawRegion(this.#random), this.#world),
    );
    for (let change = 0; change < changes; change += 1) {
      const publisher = this.#drawn(publishers);
      this.#agenda.at(start + (change * 1_000) / rate, () => publisher.publish(change));
    }
    return publishers;
  }

  #report(before: Usage, levels: readonly Level[]): SimulationReport {
    const { options, world } = { options: this.#options, world: this.#world };
    const { usage, ledger } = world;
    const used: Usage = {
      requests: usage.requests - before.requests,
      rowsWritten: usage.rowsWritten - before.rowsWritten,
      activeMs: usage.activeMs - before.activeMs,
    };
    const each = (count: number) => count / options.changes;
    const [p50 = 0, p99 = 0, max = 0] = ledger.percentiles([50, 99, 100]);
    return {
      ...options,
      sampled: world.sessions.length,
      nodes: levels.map(({ nodes }) => Math.round(nodes)),
      subscribersAt: levels.map(({ subscribers }) => Math.round(subscribers)),
      published: ledger.last,
      ...ledger.counts,
      callsPerChange: each(used.requests),
      rowsPerChange: each(used.rowsWritten),
      moneyPerChange: moneyFor({
        requests: each(used.requests),
        rowsWritten: each(used.rowsWritten),
        activeMs: each(used.activeMs),
      }),
      latencyMs: { p50, p99, max },
      lostCalls: this.#network.lost,
    };
  }

  #drawn<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    const item = items[this.#random.between(0, items.length - 1)];
    if (item === undefined) throw new Error("There is nothing to draw from");
    return item;
  }

  /** A few of the subscribers. */
  #some(): readonly SimulatedSession[] {
    const count = Math.floor(this.#world.sessions.length * ODD_SHARE);
    return Array.from({ length: count }, () => this.#drawn(this.#world.sessions));
  }
}
