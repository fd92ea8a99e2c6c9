import { Reflex } from "edge-reflex";
import type { Values } from "../environment.ts";
import { isFound, orderOf } from "../rows/order.ts";
import {
  isFull,
  type OrderList,
  orderIds,
  shuffled,
  UNTOUCHED,
  withChange,
  withNewOrder,
  withOnTop,
  without,
} from "../rows/order-list.ts";

/** Longest query, in UTF-16 characters, inclusive; what is typed beyond it is cut off. */
const QUERY_CHARS_MAX = 40;

const SHUFFLED = 10;

/** What a visitor can do to the thousand orders. Does nothing to a list that is full, or to an order that is not there. */
export class Orders extends Reflex<Values> {
  change(): void {
    this.#updateOne(withChange);
  }

  remove(): void {
    this.#updateOne(without);
  }

  insert(): void {
    this.#update(withNewOrder);
  }

  /** The last of those that the page shows. */
  moveLast(): void {
    this.#update((list) => withOnTop(list, this.#shown(list).slice(-1)));
  }

  /** The first ten of those that the page shows; they end up in front of all others. */
  shuffle(): void {
    this.#update((list) => withOnTop(list, shuffled(this.#shown(list).slice(0, SHUFFLED))));
  }

  search(): void {
    this.session.set("ordersQuery", (this.element.value ?? "").slice(0, QUERY_CHARS_MAX));
  }

  reset(): void {
    this.session.delete("orders");
    this.session.delete("ordersQuery");
  }

  #update(updated: (list: OrderList) => OrderList): void {
    const list = this.session.get("orders") ?? UNTOUCHED;
    if (!isFull(list)) this.session.set("orders", updated(list));
  }

  /** The order that the element names, which is the visitor's claim. */
  #updateOne(updated: (list: OrderList, id: number) => OrderList): void {
    const id = Number(this.element.dataset.id);
    this.#update((list) => (orderIds(list).includes(id) ? updated(list, id) : list));
  }

  #shown(list: OrderList): readonly number[] {
    const query = this.session.get("ordersQuery") ?? "";
    return orderIds(list).filter((id) => isFound(orderOf(id, 0), query));
  }
}
