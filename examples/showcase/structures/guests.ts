import { html, keyed, type Structures, type View } from "edge-reflex";

/** Presses that are kept, of all visitors together. */
const PRESSES_MAX = 5;

/** The structures that all visitors share: those of one key, in an object of their own. */
export function guestsOf(structures: Structures) {
  const shared = structures.for("showcase");
  return { presses: shared.counter("presses"), last: shared.list("last", { limit: PRESSES_MAX }) };
}

/** What all visitors have done. */
export async function guestBook(structures: Structures): Promise<View> {
  const { presses, last } = guestsOf(structures);
  const [count, lines] = await Promise.all([presses.value, last.value]);
  return html`<section class="guests" aria-labelledby="guests-heading">
<h2 id="guests-heading">Shared by all visitors</h2>
<p><output id="presses" for="press">${count}</output> presses. The last of them:</p>
<ol id="last">${keyed(
    lines.toReversed(),
    (line) => line,
    (line) => html`<li>${line}</li>`,
  )}</ol>
<p class="tool-acts">
<button id="press" class="button" type="button" data-reflex="click->Shelf#press">Press</button>
<button id="look" class="button button-quiet" type="button" data-reflex="click->Shelf#look">Look again</button>
</p>
</section>`;
}
