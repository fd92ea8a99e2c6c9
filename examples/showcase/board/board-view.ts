import { html, keyed, reflex, reflexes, type View } from "edge-reflex";
import type { BoardEdit } from "../environment.ts";
import { Board } from "../reflexes/board.ts";
import { CARD_CHARS_MAX, type Card, LANES } from "./card.ts";

/** What the page shows of the board. */
interface BoardInput {
  readonly cards: readonly Card[];
  /** The card whose title this tab is writing; absent: none. */
  readonly edit: BoardEdit | undefined;
}

/** The lanes with their cards, and above them the form in which a title is written: there no move of a card can disturb it. */
export function board({ cards, edit }: BoardInput): View {
  return html`${
    edit &&
    editor(
      edit,
      cards.find(({ id }) => id === edit.id),
    )
  }
<div class="lanes">${keyed(
    LANES,
    ({ id }) => id,
    ({ id, label }) =>
      lane(
        id,
        label,
        cards.filter((card) => card.lane === id),
      ),
  )}</div>`;
}

const lane = (
  id: string,
  label: string,
  cards: readonly Card[],
) => html`<section class="lane" aria-labelledby="lane-${id}">
<h2 id="lane-${id}">${label} <span class="lane-count">${cards.length}</span></h2>
<ol id="cards-${id}" class="lane-cards" data-board-target="lane" data-lane="${id}" data-label="${label}">${keyed(cards, (card) => card.id, card)}</ol>
<form class="lane-form" data-controller="sending"
  data-action="reflex:before->sending#before reflex:queued->sending#sent reflex:delivered->sending#sent reflex:after->sending#after" data-reflex="${reflex("submit", Board, "add")}">
<input type="hidden" name="lane" value="${id}">
<label class="only-heard" for="add-${id}">New card in ${label}</label>
<input id="add-${id}" class="text-input" data-sending-target="field" name="title" maxlength="${CARD_CHARS_MAX}" placeholder="New card" autocomplete="off">
<button class="button button-quiet" aria-label="Add to ${label}">Add</button>
</form>
</section>`;

/** What the browser needs to know of a card in order to carry it stands in its attributes. */
const card = ({
  id,
  title,
  version,
  placed,
  by,
  did,
}: Card) => html`<li id="card-${id}" class="board-card" data-board-target="card"
  data-card="${id}" data-version="${version}" data-placed="${placed}" data-title="${title}" data-by="${by}" data-did="${did}">
<button id="grip-${id}" class="card-grip" type="button" aria-label="Move: ${title}" aria-describedby="board-help">⠿</button>
<p class="card-title">${title}</p>
<button id="edit-${id}" class="card-edit" type="button" aria-label="Edit: ${title}" data-reflex="${reflex("click", Board, "edit", id)}">Edit</button>
<p class="card-by">${did} by ${by}</p>
</li>`;

const editor = (
  edit: BoardEdit,
  card: Card | undefined,
) => html`<form id="editor" class="board-editor" data-reflex="${reflexes(
  reflex("submit", Board, "save"),
  reflex("keydown.esc", Board, "cancel"),
)}">
<label for="title">Title of the card</label>
<input id="title" class="text-input" name="title" value="${edit.title}" maxlength="${CARD_CHARS_MAX}" autocomplete="off" autofocus aria-describedby="meanwhile">
<p id="meanwhile" class="board-meanwhile" role="status">${meanwhile(edit, card)}</p>
<p class="board-editor-buttons"><button class="button">Save</button>
<button class="button button-quiet" type="button" data-reflex="${reflex("click", Board, "cancel")}">Cancel</button>
<button id="delete" class="button button-quiet" type="button" data-reflex="${reflex("click", Board, "remove")}">Delete</button></p>
</form>`;

/** What others have done to the card since its title is being written here. */
function meanwhile(edit: BoardEdit, card: Card | undefined): string | undefined {
  if (card === undefined) return "Somebody has deleted this card.";
  return card.title === edit.title ? undefined : `${card.by} has called it “${card.title}” meanwhile.`;
}
