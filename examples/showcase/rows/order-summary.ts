import { type TrustedHtml, unsafeHtml } from "edge-reflex";
import { type Order, STATUSES, toAmount } from "./order.ts";

/**
 * What the orders come to, as HTML in a text, the way a library for charts or Markdown would hand it over. Whoever
 * compares two of them finds the smallest elements with an id that differ. All it shows are numbers and words of ours.
 */
export function orderSummary(orders: readonly Order[]): TrustedHtml {
  const cents = orders.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const shares = STATUSES.map((status) => {
    const count = orders.filter((order) => order.status === status).length;
    const percent = Math.round((1000 * count) / Math.max(1, orders.length)) / 10;
    return `<li id="share-${status}" data-status="${status}"><span>${status}</span> <b>${count}</b>
<i style="width:${percent}%"></i></li>`;
  });
  return unsafeHtml(`<p>In all <b id="total">${toAmount(cents)}</b></p><ul>${shares.join("")}</ul>`);
}
