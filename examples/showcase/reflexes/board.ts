import { Reflex } from "edge-reflex";
import { type Author, BoardStore, type Settled } from "../board/board-store.ts";
import { CARDS_MAX, type Card, cardIdOf, laneOf, toCardTitle } from "../board/card.ts";
import { BOARD_TOPIC } from "../board/topic.ts";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";
import { nameOf } from "../people/name-of.ts";
import { spend } from "../people/pace.ts";

/** How often one visitor changes the board. */
const PACE = { burst: 20, everyMs: 1000 };

/** A board that all visitors change. Each change names the version of the card that its author has seen. */
export class Board extends Reflex<Values, Assigns, Env, TabValues> {
  async add(): Promise<void> {
    const lane = laneOf(this.params.get("lane"));
    const title = toCardTitle(this.params.get("title"));
    if (lane === undefined) return this.halt();
    if (title === "") return this.#say("A card needs a title. Type one first.");
    if (!this.#isInPace()) return;
    const id = await cardIdOf(this.idempotencyKey);
    if (!(await this.#store.add({ id, title, lane: lane.id }, this.#author)))
      return this.#say(
        `There are ${CARDS_MAX} cards, which is as many as this board takes. Delete one first.`,
      );
    this.payload.taken = true;
    this.touch(BOARD_TOPIC);
  }

  /** The arguments are the visitor's claims: what is no card moves nothing, and what is no lane is refused. */
  async move(id: string, version: number, lane: string, before: string | null): Promise<void> {
    const to = laneOf(lane);
    if (to === undefined || !Number.isSafeInteger(version)) return this.halt();
    if (!this.#isInPace()) return;
    const place = { lane: to.id, before: before === null ? undefined : String(before) };
    const settled = await this.#store.move({ id: String(id), version }, place, this.#author);
    this.touch(BOARD_TOPIC);
    if (!settled.isDone) this.#say(lateMove(settled));
  }

  /** Opens the form in which the card's title is written, and remembers what it was. */
  async edit(id: string): Promise<void> {
    const card = await this.#store.find(String(id));
    if (card === undefined) this.#say("That card has been deleted by somebody else.");
    else this.tab.set("boardEdit", { id: card.id, version: card.version, title: card.title });
  }

  /** What somebody else wrote meanwhile is not overwritten unseen: the form stays open, and says so. */
  async save(): Promise<void> {
    const edit = this.tab.get("boardEdit");
    const title = toCardTitle(this.params.get("title"));
    if (edit === undefined) return this.halt();
    if (title === "") return this.#say("A card needs a title. Type one, or delete the card.");
    if (!this.#isInPace()) return;
    const settled = await this.#store.rename(edit, title, this.#author);
    this.touch(BOARD_TOPIC);
    if (settled.isDone) return this.#close(settled.card);
    // Who saves again has seen what the form says by then.
    if (settled.card !== undefined) this.tab.set("boardEdit", { ...edit, version: settled.card.version });
    this.#say(settled.card === undefined ? GONE : overwritten(settled.card));
  }

  async cancel(): Promise<void> {
    const edit = this.tab.get("boardEdit");
    if (edit !== undefined) this.#close(await this.#store.find(edit.id));
  }

  async remove(): Promise<void> {
    const edit = this.tab.get("boardEdit");
    if (edit === undefined) return this.halt();
    if (!this.#isInPace()) return;
    const { card } = await this.#store.remove(edit);
    this.touch(BOARD_TOPIC);
    if (card === undefined) return this.#close(card);
    this.tab.set("boardEdit", { ...edit, version: card.version });
    this.#say(
      `${card.by} has just called it “${card.title}”. Press “Delete” again if it is to go all the same.`,
    );
  }

  /** The focus goes back to where it came from; to the heading, when that has gone. */
  #close(card: Card | undefined): void {
    this.tab.delete("boardEdit");
    this.cable.setFocus(card === undefined ? "#board-heading" : `#edit-${card.id}`);
  }

  #isInPace(): boolean {
    const pace = spend(this.session.get("boardPace"), Date.now(), PACE);
    if (pace === undefined) this.#say("That was a bit much at once. Wait a second, and do it again.");
    else this.session.set("boardPace", pace);
    return pace !== undefined;
  }

  #say(notice: string): void {
    this.assigns.boardNotice = notice;
  }

  get #author(): Author {
    return { name: nameOf(this.session), key: this.idempotencyKey };
  }

  get #store(): BoardStore {
    return new BoardStore(this.env.DB);
  }
}

const GONE = "Somebody has deleted the card meanwhile. Copy your text into a new one, or close the form.";

function lateMove({ card }: Settled): string {
  if (card === undefined) return "Somebody has deleted the card while you held it.";
  return `${card.by} has moved “${card.title}” to “${laneOf(card.lane)?.label}” while you held it. It stays there, unless you move it again.`;
}

function overwritten(card: Card): string {
  return `${card.by} has written “${card.title}” meanwhile. Save again to put yours in its place, or cancel to leave it.`;
}
