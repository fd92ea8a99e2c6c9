/** A row of the table. Made anew from its number at each render: nothing of it is stored. */
export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly amountCents: number;
  readonly status: Status;
}

type Status = (typeof STATUSES)[number];

export const STATUSES = ["paid", "open", "late"] as const;

const words = (text: string): readonly string[] => text.split(" ");
const FIRST_NAMES = words(
  "Ada Ben Cleo Dora Emil Finn Greta Hugo Ines Jonas Kira Lena Mila Nils Olga Paul Rosa Sven Tara Vera",
);
const LAST_NAMES = words(
  "Abbott Brandt Castillo Dvorak Eriksen Fontaine Gruber Hansen Ivanov Jansen Keller Lindqvist Moretti Novak Okafor Petrov Quiroga Rossi Schmidt Tanaka Varga Weber Yilmaz",
);

/**
 * The order of a number.
 *
 * @param changes how often the order was changed; each time its amount and its status become others
 */
export function orderOf(id: number, changes: number): Order {
  return {
    id,
    customer: `${pick(FIRST_NAMES, 5 * id)} ${pick(LAST_NAMES, 5 * id + 1)}`,
    amountCents: 1000 + (scattered(5 * id + 2 + 7919 * changes) % 90_000),
    status: pick(STATUSES, 5 * id + 3, changes),
  };
}

/** An amount as it is read. */
export function toAmount(cents: number): string {
  const [whole = "", fraction = ""] = (cents / 100).toFixed(2).split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${fraction}`;
}

/** Whether an order is among those that the query asks for, by its number or its customer's name. */
export function isFound({ id, customer }: Order, query: string): boolean {
  const sought = query.trim().toLowerCase();
  return customer.toLowerCase().includes(sought) || String(id).startsWith(sought);
}

/** One of a list: any by `seed`, then as many further as `offset` says. */
function pick<Item>(list: readonly Item[], seed: number, offset = 0): Item {
  const item = list[(scattered(seed) + offset) % list.length];
  if (item === undefined) throw new RangeError("Nothing can be picked from an empty list");
  return item;
}

/** The same large number for the same small one, without an order (Knuth's multiplicative hash). */
function scattered(number: number): number {
  const product = Math.imul(number + 1, 0x9e3779b1);
  return (product ^ (product >>> 15)) >>> 1;
}
