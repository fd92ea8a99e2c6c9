/** What a visitor has done to the thousand orders; the orders themselves follow from their numbers. */
export interface OrderList {
  /** How many orders are new. They are numbered on from {@link ORDER_COUNT}. */
  readonly inserted: number;
  /** Numbers of the orders in front of all others, new ones and moved ones. The first one shows first. */
  readonly head: readonly number[];
  readonly removed: readonly number[];
  /** How often each changed order was changed, by its number. */
  readonly changes: Readonly<Record<number, number>>;
}

const ORDER_COUNT = 1000;

/** How many numbers a list may hold: a session's values are small. */
const NUMBERS_MAX = 500;

export const UNTOUCHED: OrderList = { inserted: 0, head: [], removed: [], changes: {} };

/** The numbers of the orders that are there, from the top: the newest first, where nobody has moved one. */
export function orderIds({ head, removed }: OrderList): readonly number[] {
  const elsewhere = new Set([...head, ...removed]);
  const all = Array.from({ length: ORDER_COUNT }, (_, index) => ORDER_COUNT - index);
  return [...head, ...all.filter((id) => !elsewhere.has(id))];
}

/** Whether the list holds as much as a visitor can do to it before starting over. */
export function isFull({ head, removed, changes }: OrderList): boolean {
  return head.length + removed.length + Object.keys(changes).length >= NUMBERS_MAX;
}

export function withNewOrder(list: OrderList): OrderList {
  const inserted = list.inserted + 1;
  return { ...list, inserted, head: [ORDER_COUNT + inserted, ...list.head] };
}

/** The list with these orders in front, in this order. */
export function withOnTop(list: OrderList, ids: readonly number[]): OrderList {
  return { ...list, head: [...ids, ...list.head.filter((id) => !ids.includes(id))] };
}

export function withChange(list: OrderList, id: number): OrderList {
  return { ...list, changes: { ...list.changes, [id]: (list.changes[id] ?? 0) + 1 } };
}

export function without(list: OrderList, id: number): OrderList {
  const head = list.head.filter((other) => other !== id);
  // A new order that is in front of the others no more is nowhere.
  return { ...list, head, removed: id > ORDER_COUNT ? list.removed : [...list.removed, id] };
}

/**
 * The same items in an order drawn by lot (Fisher and Yates).
 *
 * @param random gives a number from 0 up to and without 1
 */
export function shuffled(ids: readonly number[], random: () => number = Math.random): readonly number[] {
  const left = [...ids];
  return ids.flatMap(() => left.splice(Math.floor(random() * left.length), 1));
}
