/** Where the platform says that a request comes from. */
interface Origin {
  readonly continent?: unknown;
  readonly country?: unknown;
  readonly longitude?: unknown;
}

/** What is east of it in Europe, and west of it in North America, has a region of its own, in degrees. */
const EAST_OF_EUROPE = 15;
const WEST_OF_AMERICA = -100;

/** Countries of the continents AS and AF that the platform counts to its region `me`. */
const MIDDLE_EAST = "AE BH EG IL IQ IR JO KW LB OM PS QA SA SY TR YE".split(" ");

const REGIONS: Readonly<Record<string, string>> = {
  NA: "enam",
  SA: "sam",
  EU: "weur",
  AS: "apac",
  OC: "oc",
  AF: "afr",
};

/**
 * The location hint of the platform for objects that are to be near a visitor; `undefined` where nothing is known, as it is locally.
 *
 * @param cf what the platform says of the visitor's request
 */
export function regionOf(cf: unknown): string | undefined {
  const { continent, country, longitude } = (cf ?? {}) as Origin;
  if (MIDDLE_EAST.includes(String(country))) return "me";
  const degrees = Number(longitude);
  if (continent === "EU" && degrees > EAST_OF_EUROPE) return "eeur";
  if (continent === "NA" && degrees < WEST_OF_AMERICA) return "wnam";
  return Object.hasOwn(REGIONS, String(continent)) ? REGIONS[String(continent)] : undefined;
}
