import { html, keyed } from "edge-reflex";
import { Hono } from "hono";
import { type Day, dayAt } from "../calendar/days.ts";
import { longNameOf, type MonthInput, monthNameOf, monthTable } from "../calendar/month.ts";
import { demo } from "../demo.ts";
import type { CalendarEntry, PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";

/** A month, and what is planned in it. */
export const calendarPage = new Hono<PageEnv>().get("/calendar", (c) => {
  const { session, tab, reflex } = c.var;
  const isAdded = reflex?.target === "Calendar#add";
  const today = dayAt(Date.now());
  const chosen = tab.get("day") ?? today;
  const { entries } = session.get("calendar") ?? { entries: [] };
  const view = demo({
    intro: INTRO,
    stage: stage({ chosen, today, entries }, { number: tab.get("planned") ?? 0, hasFocus: isAdded }),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Calendar", section: "/calendar" });
});

const stage = (input: MonthInput, next: NextPlan) => html`<div class="calendar">
<div class="calendar-bar">
<h2 id="month-name" aria-live="polite">${monthNameOf(input.chosen)}</h2>
<div class="calendar-turn" role="group" aria-label="Turn over">
${turnButton("previous", "Previous month", -1)}
<button id="today" class="button button-quiet" type="button" data-reflex="click->Calendar#today">Today</button>
${turnButton("following", "Next month", 1)}
</div>
</div>
${monthTable(input)}
${dayPanel(input.chosen, input.entries, next)}
</div>`;

const turnButton = (id: string, label: string, by: number) =>
  html`<button id="${id}" class="button button-quiet" type="button" aria-label="${label}" data-by="${by}"
  data-reflex="click->Calendar#turn">${by < 0 ? "‹" : "›"}</button>`;

const dayPanel = (
  day: Day,
  entries: readonly CalendarEntry[],
  next: NextPlan,
) => html`<section class="day-panel" aria-labelledby="day-name">
<h2 id="day-name" aria-live="polite">${longNameOf(day)}</h2>
<ul id="entries" class="day-entries">${keyed(
  entries.filter((entry) => entry.day === day),
  ({ id }) => id,
  ({ id, title }) => html`<li><span>${title}</span>
<button class="row-button" type="button" data-entry="${id}" aria-label="Remove ${title}" data-reflex="click->Calendar#remove">remove</button></li>`,
)}</ul>
${addForm(day, next)}
</section>`;

/** The field for what is planned next. */
interface NextPlan {
  readonly number: number;
  /** Whether it takes the place of a field that had it. */
  readonly hasFocus: boolean;
}

/** What is typed in a field is the visitor's, and no update takes it away. So the next plan gets a field of its own, by its key. */
const addForm = (day: Day, next: NextPlan) => html`<form class="day-form" data-reflex="submit->Calendar#add">
${keyed([next], ({ number }) => number, titleField)}
<label>Day <input id="day" class="text-input" type="date" name="day" min="1900-01-01" max="2199-12-31" value="${day}" required></label>
<button class="button">Add</button>
</form>`;

const titleField = ({ hasFocus }: NextPlan) =>
  html`<label>Plan <input class="text-input" name="title" maxlength="60" autocomplete="off" required autofocus=${hasFocus}></label>`;

const INTRO = html`<h1>Calendar</h1>
<p class="lead">Turn over the months, choose a day, plan something. The second tab has it too.</p>`;

const ABOUT = html`<p>Which day you look at belongs to the tab; what you plan is in your session, so another tab shows it at once. The month is a
keyed list of weeks: turning over keeps the week that both months have.</p>`;

const EXCERPTS = [
  excerpt("reflexes/calendar.ts", "Calendar.choose", "Calendar.turn", "Calendar.add"),
  excerpt("calendar/month.ts", "cell"),
  excerpt("calendar/days.ts", "weeksOf"),
];
