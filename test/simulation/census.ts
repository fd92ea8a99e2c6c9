import { depthOf, parentOf } from "../../src/topics/node-name.ts";

/** A node of a tree of which a sample is carried out. */
export interface CountedNode {
  readonly name: string;
  /** Subscribers that were sent to it, whether or not it sent them on. */
  readonly population: number;
  /** Those of them that it tells by itself; absent for one that only stands for what is below it. */
  readonly own?: number | undefined;
}

/** What is known of the nodes that are as far from the root. */
export interface Level {
  /** How many there are. */
  readonly nodes: number;
  /** Subscribers that they tell by themselves. */
  readonly subscribers: number;
  /** How many each of those nodes, and each of those subscribers, stands for that are carried out. */
  readonly nodeWeight: number;
  readonly subscriberWeight: number;
}

/**
 * Reckons up a tree of which a sample is carried out. What is not is taken to be as its like is, at the same distance from the root; where
 * all is carried out, nothing is reckoned.
 */
export function census(nodes: readonly CountedNode[]): readonly Level[] {
  const names = new Map(nodes.map((node) => [node.name, node]));
  const levels: Level[] = [];
  /** Subscribers that came as far as this level. */
  let reached = names.get(parentless(nodes))?.population ?? 0;
  for (let depth = 0; reached >= 0.5; depth += 1) {
    const here = nodes.filter(({ name }) => depthOf(name) === depth);
    const carriedOut = here.filter(({ own }) => own !== undefined);
    const known = sum(here.map(({ population }) => population));
    if (known === 0 || carriedOut.length === 0) break;
    const own = sum(carriedOut.map(({ own }) => own ?? 0));
    const count = here.length * (reached / known);
    const subscribers = (reached * own) / sum(carriedOut.map(({ population }) => population));
    levels.push({
      nodes: count,
      subscribers,
      nodeWeight: count / carriedOut.length,
      subscriberWeight: own === 0 ? 0 : subscribers / own,
    });
    reached -= subscribers;
  }
  return levels;
}

function parentless(nodes: readonly CountedNode[]): string {
  return nodes.find(({ name }) => parentOf(name) === undefined)?.name ?? "";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
