import { RELAY_MARK } from "./topic-name.ts";

/** Where objects can be made: the platform's location hints, and `any` for whoever does not know where it is. */
const REGION = /^(wnam|enam|sam|weur|eeur|apac|apac-ne|apac-se|oc|afr|me)$/;

/** A part of a relay's path: its region, and its number among the relays of that region below one node. */
const STEP = /^(.*?)(\d+)$/;

/** The topic that a node is of. The root of a topic has the topic's name, its relays `topic#path`. */
export function topicOf(node: string): string {
  const mark = node.indexOf(RELAY_MARK);
  return mark < 0 ? node : node.slice(0, mark);
}

/** How many nodes are above a node. */
export function depthOf(node: string): number {
  const mark = node.indexOf(RELAY_MARK);
  return mark < 0 ? 0 : node.slice(mark).split(".").length;
}

/** The node above a relay; `undefined` for a root. */
export function parentOf(node: string): string | undefined {
  const mark = node.indexOf(RELAY_MARK);
  if (mark < 0) return undefined;
  const step = node.lastIndexOf(".");
  return node.slice(0, Math.max(step, mark));
}

/** One of the relays below a node. */
export function relayOf(node: string, region: string, index: number): string {
  const mark = node.includes(RELAY_MARK) ? "." : RELAY_MARK;
  return `${node}${mark}${region}${index}`;
}

/** A region as it stands in names: `any` for what is none. */
export function regionName(region: string | undefined): string {
  return region !== undefined && REGION.test(region) ? region : "any";
}

/** Where a relay is to be: a location hint of the platform; `undefined` for a root, and where nobody knows. */
export function regionOf(node: string): string | undefined {
  const mark = node.indexOf(RELAY_MARK);
  const [, region] =
    (mark < 0
      ? undefined
      : STEP.exec(
          node
            .slice(mark + 1)
            .split(".")
            .at(-1) ?? "",
        )) ?? [];
  return region !== undefined && REGION.test(region) ? region : undefined;
}
