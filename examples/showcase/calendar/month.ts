import { html, keyed, reflex, reflexes, type View } from "edge-reflex";
import type { CalendarEntry } from "../environment.ts";
import { Calendar } from "../reflexes/calendar.ts";
import { type Day, weeksOf } from "./days.ts";

/** What is shown of a calendar. */
export interface MonthInput {
  /** The day that is looked at, and by it the month. */
  readonly chosen: Day;
  readonly today: Day;
  readonly entries: readonly CalendarEntry[];
  /** Whether the chosen day takes the focus. */
  readonly hasFocus: boolean;
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The keys of the month, and what they call. They would scroll the page. */
const arrows = (): string =>
  reflexes(
    ...[["left", -1] as const, ["right", 1] as const, ["up", -7] as const, ["down", 7] as const].map(
      ([key, days]) => reflex({ event: `keydown.${key}`, prevent: true }, Calendar, "move", days),
    ),
    reflex({ event: "keydown.page_up", prevent: true }, Calendar, "turnWithin", -1),
    reflex({ event: "keydown.page_down", prevent: true }, Calendar, "turnWithin", 1),
  );

/** A month as a table. */
export const monthTable = (
  input: MonthInput,
): View => html`<table id="month" class="month" role="grid" aria-labelledby="month-name"
  data-reflex="${arrows()}">
<thead><tr>${WEEKDAYS.map((name) => html`<th scope="col"><abbr title="${name}">${name.slice(0, 2)}</abbr></th>`)}</tr></thead>
<tbody>${keyed(
  weeksOf(input.chosen),
  ([monday]) => monday ?? "",
  (week) => html`<tr>${week.map((day) => cell(day, input))}</tr>`,
)}</tbody>
</table>`;

/** Its name is what is in it: a number to see, the rest of the date to hear, and what is planned. */
function cell(day: Day, { chosen, today, entries, hasFocus }: MonthInput): View {
  const titles = entries.filter((entry) => entry.day === day).map(({ title }) => title);
  const kind = ["day", !isSameMonth(day, chosen) && "day-other", titles.length > 0 && "day-planned"];
  const [weekday] = longNameOf(day).split(",");
  return html`<td><button id="day-${day}" class="${kind}" type="button" data-day="${day}" aria-pressed="${day === chosen}"
  aria-current=${day === today ? "date" : undefined} tabindex="${day === chosen ? 0 : -1}" autofocus=${hasFocus && day === chosen}
  data-reflex="${reflex("click", Calendar, "choose")}">
<span><span class="only-heard">${weekday}</span> <span class="day-number">${Number(day.slice(8))}</span>
<span class="only-heard">${monthNameOf(day)}</span></span> <span class="day-title">${titles.join(", ")}</span>
</button></td>`;
}

/** As `Saturday, 21 November 2026`. */
export function longNameOf(day: Day): string {
  return new Date(day).toLocaleDateString("en-GB", { dateStyle: "full", timeZone: "UTC" });
}

/** As `November 2026`. */
export function monthNameOf(day: Day): string {
  return new Date(day).toLocaleDateString("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
}

function isSameMonth(day: Day, other: Day): boolean {
  return day.slice(0, 7) === other.slice(0, 7);
}
