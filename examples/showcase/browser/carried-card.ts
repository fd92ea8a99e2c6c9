import type { CarriedPlace } from "../board/place.ts";

/** How far from an edge of the window the page begins to scroll, and by how much for each move, in pixels. */
const EDGE = { near: 48, step: 14 };

/**
 * A card that is carried over the board. Nothing of what the server rendered moves: a gap shows where the card would go, and of one that
 * follows a pointer there is a picture. Both are this script's own, and no update of the page takes them away.
 */
export class CarriedCard {
  readonly id: string;
  readonly title: string;
  /** As it was when the card was taken: what the server is told that the visitor has seen. */
  readonly version: number;
  /** Where it would go. */
  place: CarriedPlace;
  readonly #from: CarriedPlace;
  readonly #lanes: readonly HTMLElement[];
  readonly #gap = document.createElement("li");
  #picture: HTMLElement | undefined;

  constructor(card: HTMLElement, lanes: readonly HTMLElement[]) {
    this.id = card.dataset.card ?? "";
    this.title = card.dataset.title ?? "";
    this.version = Number(card.dataset.version);
    this.#lanes = lanes;
    this.#gap.className = "board-gap";
    markOwn(this.#gap);
    this.place = this.#placeOf(card);
    this.#from = this.place;
  }

  /** The card in the page; `undefined` when it is there no more. */
  get card(): HTMLElement | undefined {
    const cards = this.#lanes.flatMap(cardsIn);
    return cards.find(({ dataset }) => dataset.card === this.id);
  }

  /** How many other cards each lane has. */
  get lengths(): readonly number[] {
    return this.#lanes.map((lane) => this.#othersIn(lane).length);
  }

  /** Whether it would go to where it is. */
  get isWhereItWas(): boolean {
    return this.place.lane === this.#from.lane && this.place.index === this.#from.index;
  }

  /** The lane in which it would go, and the card in front of which: `null` for behind the last. */
  get wish(): { readonly lane: HTMLElement | undefined; readonly before: string | null } {
    const lane = this.#lanes[this.place.lane];
    const before = lane && this.#othersIn(lane)[this.place.index];
    return { lane, before: before?.dataset.card ?? null };
  }

  /** Brings gap and mark to where they belong, also after others have changed the board. */
  show(): void {
    const { lane, before } = this.wish;
    if (this.card?.dataset.held !== "yes") this.card?.setAttribute("data-held", "yes");
    const next = before === null ? null : (this.#othersIn(lane ?? this.#gap)[this.place.index] ?? null);
    // What is there already is not moved: this runs for every change of the board, its own among them.
    if (this.#gap.parentElement === lane && this.#gap.nextElementSibling === next) return;
    lane?.insertBefore(this.#gap, next);
  }

  /** Has a picture of the card follow the pointer, and the gap be where that is. */
  follow({ clientX, clientY }: PointerEvent): void {
    this.#picture ??= this.#newPicture(clientX, clientY);
    this.#picture.style.translate = `${clientX}px ${clientY}px`;
    if (clientY < EDGE.near) scrollBy(0, -EDGE.step);
    if (clientY > innerHeight - EDGE.near) scrollBy(0, EDGE.step);
    const lane = nearestTo(this.#lanes, clientX, clientY);
    const cards = this.#othersIn(this.#lanes[lane] ?? this.#gap);
    const index = cards.findIndex((card) => clientY < middleOf(card));
    this.place = { lane, index: index === -1 ? cards.length : index };
    this.show();
  }

  /** The hand is off it: the picture goes. */
  release(): void {
    this.#picture?.remove();
    this.#picture = undefined;
  }

  /** Takes away whatever this has put into the page. */
  end(): void {
    this.release();
    this.#gap.remove();
    this.card?.removeAttribute("data-held");
  }

  #placeOf(card: HTMLElement): CarriedPlace {
    const lane = Math.max(
      0,
      this.#lanes.findIndex((one) => one.contains(card)),
    );
    return { lane, index: Math.max(0, cardsIn(this.#lanes[lane] ?? this.#gap).indexOf(card)) };
  }

  #othersIn(lane: HTMLElement): readonly HTMLElement[] {
    return cardsIn(lane).filter(({ dataset }) => dataset.card !== this.id);
  }

  #newPicture(clientX: number, clientY: number): HTMLElement {
    const picture = document.createElement("div");
    const { left = clientX, top = clientY, width = 0 } = this.card?.getBoundingClientRect() ?? {};
    picture.className = "board-card board-picture";
    picture.textContent = this.title;
    markOwn(picture);
    Object.assign(picture.style, {
      left: `${left - clientX}px`,
      top: `${top - clientY}px`,
      width: `${width}px`,
    });
    document.body.append(picture);
    return picture;
  }
}

/** A session that has slept may send the page as a whole, and then whatever the server has not rendered goes, but for what is permanent. */
function markOwn(element: HTMLElement): void {
  element.setAttribute("aria-hidden", "true");
  element.setAttribute("data-reflex-permanent", "");
}

function cardsIn(lane: HTMLElement): readonly HTMLElement[] {
  return [...lane.querySelectorAll<HTMLElement>(":scope > [data-card]")];
}

function middleOf(card: HTMLElement): number {
  const { top, height } = card.getBoundingClientRect();
  return top + height / 2;
}

/** The index of the lane that a point is in, or is least far from. */
function nearestTo(lanes: readonly HTMLElement[], x: number, y: number): number {
  const distances = lanes.map((lane) => {
    const { left, right, top, bottom } = (lane.closest("section") ?? lane).getBoundingClientRect();
    return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  });
  return distances.indexOf(Math.min(...distances));
}
