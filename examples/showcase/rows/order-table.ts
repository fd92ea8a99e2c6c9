import { html, keyed, type View } from "edge-reflex";
import { isFound, type Order, toAmount } from "./order.ts";

/**
 * The orders as a table. Those that the query does not ask for are hidden and not left out, so that searching costs
 * one attribute a row, and what is written in a row's note outlasts it.
 */
export function orderTable(orders: readonly Order[], query: string, isFull: boolean): View {
  return html`<div class="orders-frame" tabindex="0" role="region" aria-label="Orders">
<table class="orders">
<thead><tr><th scope="col">Order</th><th scope="col">Customer</th><th scope="col" class="amount">Amount</th>
<th scope="col">Status</th><th scope="col">Note</th><th scope="col">Actions</th></tr></thead>
<tbody id="orders">${keyed(
    orders,
    ({ id }) => id,
    (order) => row(order, !isFound(order, query), isFull),
  )}</tbody>
</table>
</div>`;
}

function row({ id, customer, amountCents, status }: Order, isHidden: boolean, isFull: boolean): View {
  return html`<tr id="order-${id}" hidden=${isHidden}>
<th scope="row">${id}</th>
<td>${customer}</td>
<td class="amount">${toAmount(amountCents)}</td>
<td><span class="status" data-status="${status}">${status}</span></td>
<td><input class="note" aria-label="Note on ${id}" autocomplete="off" maxlength="80"></td>
<td><button type="button" class="row-button" aria-label="Change ${id}" disabled=${isFull} data-id="${id}"
  data-reflex="click->Orders#change">Change</button>
<button type="button" class="row-button" aria-label="Remove ${id}" disabled=${isFull} data-id="${id}"
  data-reflex="click->Orders#remove">Remove</button></td>
</tr>`;
}
