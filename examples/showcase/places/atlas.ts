/** A region of a country, with some of its cities. */
interface Region {
  readonly name: string;
  readonly cities: readonly string[];
}

/** A country, with some of its regions. */
interface Country {
  readonly name: string;
  readonly regions: readonly Region[];
}

/** What a visitor has chosen: all of it, some of it, or nothing. A city is never without its region, nor that without its country. */
export interface Place {
  readonly country?: Country;
  readonly region?: Region;
  readonly city?: string;
}

/** Some of the world. */
export const COUNTRIES: readonly Country[] = [
  country("Austria", {
    Styria: ["Graz", "Leoben", "Kapfenberg"],
    Tyrol: ["Innsbruck", "Kufstein", "Lienz"],
    Vorarlberg: ["Bregenz", "Dornbirn", "Feldkirch"],
  }),
  country("Brazil", {
    Bahia: ["Salvador", "Feira de Santana", "Ilhéus"],
    "Minas Gerais": ["Belo Horizonte", "Ouro Preto", "Uberlândia"],
    "São Paulo": ["São Paulo", "Campinas", "Santos"],
  }),
  country("Canada", {
    "British Columbia": ["Vancouver", "Victoria", "Kelowna"],
    Ontario: ["Toronto", "Ottawa", "Hamilton"],
    Quebec: ["Montreal", "Quebec City", "Gatineau"],
  }),
  country("India", {
    Karnataka: ["Bengaluru", "Mysuru", "Mangaluru"],
    Kerala: ["Kochi", "Thiruvananthapuram", "Kozhikode"],
    Maharashtra: ["Mumbai", "Pune", "Nagpur"],
  }),
  country("Japan", {
    Aichi: ["Nagoya", "Toyota", "Okazaki"],
    Hokkaido: ["Sapporo", "Hakodate", "Asahikawa"],
    Hyogo: ["Kobe", "Himeji", "Nishinomiya"],
  }),
  country("Kenya", {
    Kisumu: ["Kisumu", "Ahero", "Maseno"],
    Kiambu: ["Thika", "Kiambu", "Ruiru"],
    Nakuru: ["Nakuru", "Naivasha", "Molo"],
  }),
];

/**
 * Finds what was chosen, by its names, which anybody can write: what is not in the atlas, or not in what it should be
 * in, is not chosen.
 */
export function placeOf(name: (level: "country" | "region" | "city") => string | undefined): Place {
  const country = COUNTRIES.find((each) => each.name === name("country"));
  const region = country?.regions.find((each) => each.name === name("region"));
  const city = region?.cities.find((each) => each === name("city"));
  return { ...(country && { country }), ...(region && { region }), ...(city !== undefined && { city }) };
}

function country(name: string, regions: Readonly<Record<string, readonly string[]>>): Country {
  return { name, regions: Object.entries(regions).map(([name, cities]) => ({ name, cities })) };
}
