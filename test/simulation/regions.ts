import type { Random } from "../chaos/random.ts";

/**
 * Round trips between regions, 95th percentile, in milliseconds: between the data centres of another cloud that stand for the
 * platform's location hints (West US, East US, Brazil South, West Europe, Poland Central, Southeast Asia, Australia East, South
 * Africa North, UAE North), since its own are not published. Source: Azure network round-trip latency statistics, 30 days to 2026-07-30.
 */
const ROUND_TRIPS = {
  wnam: [15, 72, 171, 151, 167, 172, 142, 279, 249],
  enam: [72, 15, 119, 89, 104, 229, 207, 226, 190],
  sam: [171, 119, 15, 191, 211, 337, 298, 327, 293],
  weur: [151, 89, 191, 15, 28, 182, 282, 171, 123],
  eeur: [167, 104, 211, 28, 15, 201, 300, 198, 139],
  apac: [172, 229, 337, 182, 201, 15, 98, 211, 90],
  oc: [142, 207, 298, 282, 300, 98, 15, 347, 179],
  afr: [279, 226, 327, 171, 198, 211, 347, 15, 104],
  me: [249, 190, 293, 123, 139, 90, 179, 104, 15],
} as const satisfies Record<string, readonly number[]>;

/** Where objects are: location hints of the platform. */
export type Region = keyof typeof ROUND_TRIPS;

/** All of them. */
const REGIONS = Object.keys(ROUND_TRIPS) as readonly Region[];

/** Where a hundred subscribers are: an assumption. */
const SHARES = { wnam: 15, enam: 20, sam: 10, weur: 20, eeur: 5, apac: 20, oc: 3, afr: 3, me: 4 } as const;

const INDEX = Object.fromEntries(REGIONS.map((region, index) => [region, index])) as Record<Region, number>;

/** How long something is under way from one region to another, in milliseconds. */
export function onTheWayMs(from: Region, to: Region): number {
  return (ROUND_TRIPS[from][INDEX[to]] ?? 0) / 2;
}

/** The region that a location hint names; where it names none, the first of the list. */
export function regionOf(hint: string | undefined): Region {
  return hint !== undefined && hint in ROUND_TRIPS ? (hint as Region) : "wnam";
}

/** One of the regions, as often as subscribers are there. */
export function drawRegion(random: Random): Region {
  let place = random.next() * 100;
  return (
    REGIONS.find((region) => {
      place -= SHARES[region];
      return place < 0;
    }) ?? "enam"
  );
}
