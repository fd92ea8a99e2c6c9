import { html, keyed, type PresenceList, type View } from "edge-reflex";
import type { Note, WallState } from "./wall-object.ts";

/** What pages of the crowd tell of their visitors. */
export interface Face {
  readonly who: string;
}

/** What a page of the crowd shows. */
export interface CrowdState {
  /** Who is present in the topic that is for that; absent where the page does not rest on it. */
  readonly present: PresenceList<Face> | undefined;
  readonly walls: Readonly<Record<string, WallState>>;
  /** How many notes this visitor has written. */
  readonly written: number;
}

/** The page of each build; they share no template. */
export const CROWD_PAGES = { first: firstPage, second: secondPage } as const;

function firstPage({ present, walls, written }: CrowdState): View {
  return html`<h1>Mine: <output>${written}</output></h1>
    ${
      present &&
      html`<p>${present.count} here</p>
      <ul>${keyed(
        present,
        ({ id }) => id,
        ({ meta, tabs, isSelf }) =>
          html`<li data-present="${meta.who} ${tabs}">${meta.who}${isSelf ? " (me)" : ""}</li>`,
      )}</ul>`
    }
    ${keyed(
      Object.entries(walls),
      ([topic]) => topic,
      ([topic, { count, recent }]) => html`<section title="${topic}">
        <h2>${topic}: <b>${count}</b></h2>
        <ul>${keyed(recent, keyOf, ({ who, n }) => html`<li>${who} ${n}</li>`)}</ul></section>`,
    )}`;
}

function secondPage({ present, walls, written }: CrowdState): View {
  return html`${Object.entries(walls).map(
    ([topic, { count, recent }]) => html`<article class="wall-${count % 3}">
      <ol>${keyed(recent, keyOf, ({ who, n }) => html`<li class="${who}"><i>${n}</i> of ${who}</li>`)}</ol>
      <footer>${count} notes on ${topic}</footer></article>`,
  )}
    <p>You wrote ${written}</p>
    ${present?.map(({ meta, tabs }) => html`<span data-present="${meta.who} ${tabs}">${meta.who}</span>`)}`;
}

function keyOf({ who, n }: Note): string {
  return `${who} ${n}`;
}
