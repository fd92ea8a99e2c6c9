import { Controller } from "@hotwired/stimulus";
import { type Stimulate, useReflex } from "edge-reflex/stimulus";
import { isCarryKey, steppedPlace, withinBoard } from "../board/place.ts";
import { CarriedCard } from "./carried-card.ts";

/** How far a pointer moves before it carries what it has pressed, in pixels. */
const THRESHOLD = 5;

const EVERYTHING = { subtree: true, childList: true, attributeFilter: ["data-version"] };

/** Carries cards over the board, by pointer and by keyboard. The server hears of it when a card is put down. */
export class BoardController extends Controller<HTMLElement> {
  static override targets = ["lane", "card", "said"];

  declare readonly laneTargets: readonly HTMLElement[];
  declare readonly saidTarget: HTMLElement;
  declare readonly stimulate: Stimulate;

  readonly #observer = new MutationObserver(() => this.#look());
  #carried: CarriedCard | undefined;
  /** Ends when the pointer is up, or what it carries is put down. */
  #pressing: AbortController | undefined;
  /** The version of the carried card that the visitor has been told of. */
  #toldVersion = 0;
  /** A click that ends a drag is none. */
  #hasDragged = false;

  override connect(): void {
    useReflex(this);
  }

  override disconnect(): void {
    this.#end();
  }

  /** A pointer is down: on a grip, or, for one that does not scroll by that, anywhere on a card but on what can be pressed. */
  press(event: PointerEvent): void {
    const card = cardAt(event.target);
    const isOnGrip = gripAt(event.target) !== undefined;
    const isOnControl = event.target instanceof Element && event.target.closest("button") !== null;
    if (card === undefined || event.button !== 0 || this.#carried !== undefined) return;
    if (!isOnGrip && (isOnControl || event.pointerType !== "mouse")) return;
    const pressing = new AbortController();
    this.#pressing = pressing;
    const { clientX, clientY } = event;
    // On the window: an update may move the card meanwhile, and an element that is moved hears no more of its pointer.
    const options = { signal: pressing.signal };
    addEventListener(
      "pointermove",
      (move) => {
        if (Math.hypot(move.clientX - clientX, move.clientY - clientY) < THRESHOLD) return;
        if (this.#carried === undefined) this.#take(card);
        this.#hasDragged = true;
        this.#carried?.follow(move);
      },
      options,
    );
    addEventListener("pointerup", () => this.#released(), options);
    addEventListener("pointercancel", () => this.#leave(), options);
  }

  /** Space and enter press a grip, as every button: they take a card, or put it down. */
  toggle(event: MouseEvent): void {
    const card = gripAt(event.target) && cardAt(event.target);
    if (card === undefined || this.#hasDragged) return;
    if (this.#carried !== undefined) return void this.drop();
    this.#take(card);
    this.#say(`You hold “${card.dataset.title}”. ${this.#whereabouts()}`);
  }

  /** Where a card is carried, keys are its own, until it is put down. */
  key(event: KeyboardEvent): void {
    const carried = this.#carried;
    if (carried === undefined || event.isComposing) return;
    if (event.key === "Escape" || event.key === "Tab") this.#leave();
    if (event.key === "Escape") event.preventDefault();
    if (!isCarryKey(event.key) || this.#pressing !== undefined) return;
    event.preventDefault();
    carried.place = steppedPlace(carried.place, event.key, carried.lengths);
    carried.show();
    this.#say(this.#whereabouts());
  }

  /** Tells the server where the card is to go, and which version of it the visitor has seen. */
  async drop(): Promise<void> {
    const carried = this.#carried;
    if (carried === undefined) return;
    const { lane, before } = carried.wish;
    if (carried.isWhereItWas || lane === undefined) return this.#leave();
    carried.release();
    this.#rest();
    this.#say(`“${carried.title}” is put down. ${whereabouts(carried, lane)}`);
    try {
      await this.stimulate("Board#move", carried.id, carried.version, lane.dataset.lane, before);
    } catch (error) {
      console.error(error);
      this.#say(`“${carried.title}” could not be moved. Please try again.`);
    }
    // The gap keeps its place until the page has been brought up to date, so that nothing jumps.
    carried.end();
  }

  #take(card: HTMLElement): void {
    this.#carried = new CarriedCard(card, this.laneTargets);
    this.#toldVersion = this.#carried.version;
    this.#observer.observe(this.element, EVERYTHING);
    document.documentElement.classList.add("is-carrying");
    this.#carried.show();
    this.#say("");
  }

  #released(): void {
    this.#pressing?.abort();
    this.#pressing = undefined;
    // The click comes before any timer; one that comes later is meant.
    setTimeout(() => {
      this.#hasDragged = false;
    });
    void this.drop();
  }

  /** The card stays where it is. */
  #leave(): void {
    if (this.#carried !== undefined) this.#say(`“${this.#carried.title}” stays where it is.`);
    this.#end();
  }

  #end(): void {
    this.#carried?.end();
    this.#rest();
  }

  /** Nothing is carried any more. */
  #rest(): void {
    this.#carried = undefined;
    this.#observer.disconnect();
    this.#pressing?.abort();
    this.#pressing = undefined;
    document.documentElement.classList.remove("is-carrying");
  }

  /** Others have changed the board while a card is carried. */
  #look(): void {
    const carried = this.#carried;
    if (carried === undefined) return;
    const { card, title } = carried;
    if (card === undefined) {
      this.#end();
      return this.#say(`Somebody has deleted “${title}” while you held it.`);
    }
    const { by, did } = card.dataset;
    const version = Number(card.dataset.version);
    if (version !== this.#toldVersion) this.#say(`${by} has just ${did} “${title}”, which you hold.`);
    this.#toldVersion = version;
    carried.place = withinBoard(carried.place, carried.lengths);
    carried.show();
  }

  #whereabouts(): string {
    const carried = this.#carried;
    return carried?.wish.lane === undefined ? "" : whereabouts(carried, carried.wish.lane);
  }

  #say(text: string): void {
    this.saidTarget.textContent = text;
  }
}

function whereabouts({ place, lengths }: CarriedCard, lane: HTMLElement): string {
  return `${lane.dataset.label}, place ${place.index + 1} of ${(lengths[place.lane] ?? 0) + 1}.`;
}

function cardAt(target: EventTarget | null): HTMLElement | undefined {
  return (target instanceof Element && target.closest<HTMLElement>("[data-card]")) || undefined;
}

function gripAt(target: EventTarget | null): Element | undefined {
  return (target instanceof Element && target.closest(".card-grip")) || undefined;
}
