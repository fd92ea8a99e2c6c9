import { Reflex } from "edge-reflex";
import { type Day, dayAt, plusDays, plusMonths, readDay } from "../calendar/days.ts";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";

/** Entries that a visitor may have. */
const ENTRIES_MAX = 100;

/** Longest title of an entry, in UTF-16 characters, inclusive. */
const TITLE_CHARS_MAX = 60;

/** A calendar: the tab looks at a day of it, and the session has what is planned. */
export class Calendar extends Reflex<Values, Assigns, Env, TabValues> {
  /** Looks at the day that was pressed. */
  choose(): void {
    this.#lookAt(readDay(this.element.dataset.day));
  }

  /** Goes so many days on, or back. */
  move(days: number): void {
    if (isCount(days)) this.#lookAt(plusDays(this.#day, days));
  }

  /** Turns over so many months, or back. */
  turn(months: number): void {
    if (isCount(months)) this.#lookAt(plusMonths(this.#day, months));
  }

  /** The same, for who is in the month with the keyboard, and stays there. */
  turnWithin(months: number): void {
    this.turn(months);
  }

  today(): void {
    this.#lookAt(dayAt(Date.now()));
  }

  /** Plans something for the day of the form. */
  add(): void {
    const day = readDay(this.params.get("day"));
    const title = (this.params.get("title") ?? "").trim().slice(0, TITLE_CHARS_MAX);
    const { count, entries } = this.session.get("calendar") ?? { count: 0, entries: [] };
    if (day === undefined || title === "" || entries.length >= ENTRIES_MAX) this.halt();
    this.session.set("calendar", { count: count + 1, entries: [...entries, { id: count + 1, day, title }] });
    this.#lookAt(day);
    // No update touches what is typed, so the field is emptied by name.
    this.cable.setValue("[name=title]", { value: "" });
  }

  remove(): void {
    const id = Number(this.element.dataset.entry);
    const { count, entries } = this.session.get("calendar") ?? { count: 0, entries: [] };
    this.session.set("calendar", { count, entries: entries.filter((entry) => entry.id !== id) });
  }

  get #day(): Day {
    return this.tab.get("day") ?? dayAt(Date.now());
  }

  #lookAt(day: Day | undefined): void {
    if (day !== undefined) this.tab.set("day", day);
  }
}

/** Arguments are the visitor's claims, whatever their type says: what is no number of days or months moves nothing. */
function isCount(argument: number): boolean {
  return Number.isSafeInteger(argument) && Math.abs(argument) < 1000;
}
