import { depthOf, parentOf } from "../../src/topics/node-name.ts";
import type { SubscribeAnswer, SubscribeWish } from "../../src/topics/topic-messages.ts";
import type { Random } from "../chaos/random.ts";
import { type CountedNode, census, type Level } from "./census.ts";
import { drawRegion, type Region } from "./regions.ts";
import type { World } from "./world.ts";

/** How many subscribe in a second. */
const JOINS_PER_SECOND = 2_000;

/** How often it is looked whether all have, and when those who have not never will, in milliseconds. */
const LOOK_MS = 1_000;
const PATIENCE_MS = 900_000;

/** Has many subscribe, each over the network. Resolves when all do. */
export async function gather(world: World, random: Random, count: number): Promise<readonly Level[]> {
  const joining: Promise<void>[] = [];
  for (let index = 0; index < count; index += 1) {
    const session = world.addSession(`s${index}`, drawRegion(random));
    world.agenda.at((index * 1_000) / JOINS_PER_SECOND, () => void joining.push(session.subscribe()));
  }
  const last = (count * 1_000) / JOINS_PER_SECOND;
  for (let end = last; world.sessions.some(({ isSubscribed }) => !isSubscribed); end += LOOK_MS) {
    if (end > last + PATIENCE_MS) throw new Error("Not everybody could subscribe");
    await world.agenda.passUntil(end);
  }
  await Promise.all(joining);
  return new Populations(world).levels();
}

/**
 * Has more subscribe than can be carried out: each is sent from node to node by the nodes' own code, but not over the network, and counted
 * where it comes to a relay that is not carried out.
 */
export async function gatherSample(world: World, random: Random, count: number): Promise<readonly Level[]> {
  const populations = new Populations(world);
  for (let index = 0; index < count; index += 1)
    await place(world, populations, { name: `s${index}`, region: drawRegion(random) });
  return populations.weigh();
}

async function place(
  world: World,
  populations: Populations,
  { name, region }: { readonly name: string; readonly region: Region },
): Promise<void> {
  const wish: SubscribeWish = { subscriber: { kind: "session", name }, region };
  for (let node = world.topic; ; ) {
    const isFirst = populations.add(node);
    const standIn = world.standIn(node);
    if (standIn !== undefined) {
      standIn.population += 1;
      const parent = parentOf(node) ?? world.topic;
      if (isFirst) await subscribe(world, parent, { subscriber: { kind: "relay", name: node } }, false);
      return;
    }
    const answer = await subscribe(world, node, wish, isFirst);
    if (answer.kind === "subscribed") return world.addSession(name, region).begin(node, answer.position);
    node = answer.node;
  }
}

/** @param isFirst the node does not know its own place yet, and asks for it over the network */
async function subscribe(
  world: World,
  node: string,
  wish: SubscribeWish,
  isFirst: boolean,
): Promise<SubscribeAnswer> {
  const answer = world.host(node).node.subscribe(wish);
  let isAnswered = !isFirst;
  void answer.finally(() => {
    isAnswered = true;
  });
  while (!isAnswered) await world.agenda.passUntil(world.agenda.now + LOOK_MS);
  return await answer;
}

/** How many subscribers were sent to each node. */
class Populations {
  readonly #world: World;
  readonly #counts = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Counts one more. Answers whether it is the first. */
  add(node: string): boolean {
    const count = this.#counts.get(node) ?? 0;
    this.#counts.set(node, count + 1);
    return count === 0;
  }

  /** What is known of each level where all is carried out: nobody was counted on the way. */
  levels(): readonly Level[] {
    for (const { node } of this.#world.sessions) {
      for (let name = node; name !== undefined; name = parentOf(name)) this.add(name);
    }
    return census(this.#nodes());
  }

  /** Reckons what the levels are like, and has those who are carried out stand for the others. */
  weigh(): readonly Level[] {
    const levels = census(this.#nodes());
    for (const [name, { machine }] of this.#world.hosts)
      machine.weight = levels[depthOf(name)]?.nodeWeight ?? 0;
    for (const { node, machine } of this.#world.sessions)
      machine.weight = levels[depthOf(node ?? "")]?.subscriberWeight ?? 0;
    return levels;
  }

  #nodes(): readonly CountedNode[] {
    const own = new Map<string, number>();
    for (const { node } of this.#world.sessions)
      if (node !== undefined) own.set(node, (own.get(node) ?? 0) + 1);
    return Array.from(this.#counts, ([name, population]) => ({
      name,
      population,
      own: this.#world.standIns.has(name) ? undefined : (own.get(name) ?? 0),
    }));
  }
}
