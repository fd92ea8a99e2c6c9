import { html, keyed, type View } from "edge-reflex";
import type { Entry } from "./ledger.ts";

/** What the page shows of the session. */
export interface PageState {
  readonly count: number;
  readonly recent: readonly Entry[];
}

/**
 * The page of each build. They share no template: a deploy changes what every open page shows. No update touches the
 * button, so that the call's number stays, which the harness writes on it.
 */
export const PAGES = { first: firstPage, second: secondPage } as const;

function firstPage({ count, recent }: PageState): View {
  return html`
    <h1 class="parity-${count % 2}">Calls: <output id="count">${count}</output></h1>
    <ul id="recent">${keyed(recent, keyOf, (entry) => html`<li title="${entry[0]}">${entry[0]} ${entry[1]}</li>`)}</ul>
    <p data-reflex-permanent id="keep"><button id="press" data-reflex="click->Ledger#press">Press</button></p>`;
}

function secondPage({ count, recent }: PageState): View {
  return html`
    <header><h1>Counted again: <b id="count" data-count="${count}">${count}</b></h1></header>
    ${count % 7 === 0 ? html`<p class="note">A multiple of seven</p>` : null}
    <ol id="recent">${keyed(recent, keyOf, (entry) => html`<li data-tab="${entry[0]}"><span>${entry[1]}</span> of ${entry[0]}</li>`)}</ol>
    <p data-reflex-permanent id="keep"><button id="press" data-reflex="click->Ledger#press">Press</button></p>
    <footer>The second build</footer>`;
}

function keyOf([, , count]: Entry): number {
  return count;
}
