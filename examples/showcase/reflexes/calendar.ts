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
  move(): void {
    this.#lookAt(plusDays(this.#day, this.#by));
  }

  /** Turns over so many months, or back. */
  turn(): void {
    this.#lookAt(plusMonths(this.#day, this.#by));
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
    this.tab.update("planned", (planned = 0) => planned + 1);
    this.#lookAt(day);
  }

  remove(): void {
    const id = Number(this.element.dataset.entry);
    const { count, entries } = this.session.get("calendar") ?? { count: 0, entries: [] };
    this.session.set("calendar", { count, entries: entries.filter((entry) => entry.id !== id) });
  }

  get #day(): Day {
    return this.tab.get("day") ?? dayAt(Date.now());
  }

  /** From the element, and so the visitor's claim: a number that cannot be one moves nothing. */
  get #by(): number {
    const by = Number(this.element.dataset.by);
    return Number.isSafeInteger(by) && Math.abs(by) < 1000 ? by : 0;
  }

  #lookAt(day: Day | undefined): void {
    if (day !== undefined) this.tab.set("day", day);
  }
}
