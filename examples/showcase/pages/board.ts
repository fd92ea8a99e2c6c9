import { html, type PresenceList, type View } from "edge-reflex";
import { Hono } from "hono";
import { BoardStore } from "../board/board-store.ts";
import { board } from "../board/board-view.ts";
import { BOARD_TOPIC } from "../board/topic.ts";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { type Here, hereList } from "../people/here.ts";
import { nameForm } from "../people/name-form.ts";
import { nameOf } from "../people/name-of.ts";

/** A board of cards that all visitors move and write. */
export const boardPage = new Hono<PageEnv>().get("/board", async (c) => {
  const { session, tab, assigns, presence } = c.var;
  const name = nameOf(session);
  const here = await presence<Here>(BOARD_TOPIC, { name });
  const cards = await new BoardStore(c.env.DB).all();
  const lanes = board({ cards, edit: tab.get("boardEdit") });
  const view = demo({
    intro: INTRO,
    stage: stage(lanes, { name, here, notice: assigns.boardNotice }),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Board", section: "/board", head: HEAD });
});

const HEAD = html`<link rel="stylesheet" href="/together.css">
<script type="module" src="/assets/showcase.js"></script>`;

/** What the controller says is its own, so no update takes it away; what a reflex says comes with the page. */
const stage = (
  lanes: View,
  {
    name,
    here,
    notice,
  }: { readonly name: string; readonly here: PresenceList<Here>; readonly notice: string | undefined },
) => html`<div class="kanban" data-controller="board" data-action="pointerdown->board#press keydown->board#key click->board#toggle">
${nameForm(name)}
${hereList(here)}
<p id="board-help" class="only-heard">Press space to take the card. Then arrows move it, space puts it down, and escape leaves it where it was.</p>
<p id="board-said" class="board-said" role="status" data-board-target="said" data-reflex-permanent></p>
<p id="board-notice" class="board-notice" role="status">${notice}</p>
${lanes}
</div>`;

const INTRO = html`<h1 id="board-heading" tabindex="-1">Board</h1>
<p class="lead">Everybody’s cards: drag them, or take them with <kbd>space</kbd> and go with the arrows. Open this page in two browsers, and get in each other’s way.</p>`;

const ABOUT = html`<p>The cards are in D1. The page says that it rests on the topic <code>board:1</code>; each change touches that topic, and every
session that has the page open renders it again, for its own visitor, and sends what differs.</p>
<p>A card counts its changes. Who moves it says which version they saw, and the statement that moves it looks whether it has been moved since: it is
not, then, and the page says who was faster. To write another title and to move do not get in each other’s way, since they change different things.</p>
<p>While you hold a card it stays where it is in the page; what follows your pointer is a picture of it, which the server knows nothing of, and which no
update takes away. The form for a title stands above the lanes, so that the card may be moved by others while you write.</p>`;

const EXCERPTS = [
  excerpt("reflexes/board.ts", "Board.move", "Board.save"),
  excerpt("board/board-store.ts", "BoardStore.move"),
  excerpt("pages/board.ts", "boardPage"),
  excerpt("browser/board-controller.ts", "BoardController.drop"),
];
